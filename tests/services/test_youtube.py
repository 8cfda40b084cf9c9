"""Links to YouTube videos."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.youtube import VideoLink, parse_video_link

ID = "dQw4w9WgXcQ"
DASHES = "-_aB3-_aB3-"


@pytest.mark.parametrize(
    "text",
    [
        f"https://www.youtube.com/watch?v={ID}",
        f"http://youtube.com/watch?v={ID}",
        f"HTTPS://WWW.YouTube.COM/watch?v={ID}",
        f"youtube.com/watch?v={ID}",
        f"www.youtube.com/watch?v={ID}",
        f"https://m.youtube.com/watch?v={ID}&feature=share",
        f"https://music.youtube.com/watch?v={ID}&list=RDAMVM",
        f"https://www.youtube.com/watch?list=PL123&v={ID}&index=2&ab_channel=Робот",
        f"https://www.youtube.com/watch/?v={ID}",
        f"https://youtu.be/{ID}",
        f"youtu.be/{ID}?si=abc",
        f"https://youtu.be/{ID}/",
        f"https://www.youtube.com/shorts/{ID}",
        f"https://youtube.com/live/{ID}?feature=share",
        f"https://www.youtube.com/embed/{ID}",
        f"https://www.youtube-nocookie.com/embed/{ID}",
        f"  https://youtu.be/{ID}\n",
    ],
)
def test_every_way_to_write_a_video_is_taken(text):
    link = parse_video_link(text)
    assert link == VideoLink(ID)
    assert link.url == f"https://www.youtube.com/watch?v={ID}"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (f"https://youtu.be/{ID}?t=90", 90),
        (f"https://youtu.be/{ID}?t=90s", 90),
        (f"https://youtu.be/{ID}?t=1h2m3s", 3_723),
        (f"https://youtu.be/{ID}?t=2m", 120),
        (f"https://www.youtube.com/embed/{ID}?start=15", 15),
        (f"https://www.youtube.com/watch?v={ID}#t=1m1s", 61),
        (f"https://youtu.be/{ID}?t=0", 0),
        (f"https://youtu.be/{ID}?t=soon", None),
        (f"https://youtu.be/{ID}?t=-5", None),
        (f"https://youtu.be/{ID}?t=99999999999999999999", None),
        (f"https://youtu.be/{ID}?t=", None),
    ],
)
def test_the_start_is_read_in_seconds(text, start):
    assert parse_video_link(text) == VideoLink(ID, start)


def test_the_canonical_address_keeps_the_start_and_reads_back_the_same():
    link = VideoLink(DASHES, 75)
    assert link.url == f"https://www.youtube.com/watch?v={DASHES}&t=75s"
    assert parse_video_link(link.url) == link


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        ID,
        "https://",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch",
        "https://www.youtube.com/watch?v=",
        f"https://www.youtube.com/watch?v={ID[:-1]}",
        f"https://www.youtube.com/watch?v={ID}x",
        "https://www.youtube.com/watch?v=dQw4w9WgXc!",
        "https://www.youtube.com/watch?v=dQw4w9WgXcЯ",
        f"https://www.youtube.com/watch?v={ID}&v={DASHES}",
        "https://www.youtube.com/playlist?list=PL1234567890",
        "https://www.youtube.com/embed/videoseries?list=PL1234567890",
        "https://www.youtube.com/embed/live_stream?channel=UC123",
        "https://www.youtube.com/@RobTopGames",
        "https://www.youtube.com/channel/UCz_yk8mDSAnxJq0ar66L4sw",
        "https://www.youtube.com/c/abcdefghijk",
        f"https://www.youtube.com/shorts/{ID}/more",
        f"https://youtu.be/a/{ID}",
        f"https://youtube.com.evil.io/watch?v={ID}",
        f"https://evilyoutube.com/watch?v={ID}",
        f"https://evil.io/youtube.com/watch?v={ID}",
        f"https://www.yоutube.com/watch?v={ID}",
        f"https://ｙoutube.com/watch?v={ID}",
        f"https://youtu.be.evil.io/{ID}",
        f"https://youtube.com@evil.io/watch?v={ID}",
        f"https://user@youtube.com/watch?v={ID}",
        f"https://user:pass@youtube.com/watch?v={ID}",
        f"https://evil.io\\@youtube.com/watch?v={ID}",
        f"https://evil.io#@youtube.com/watch?v={ID}",
        f"https://youtube.com:443/watch?v={ID}",
        f"https://youtube.com:/watch?v={ID}",
        f"https://youtube.com./watch?v={ID}",
        f"javascript://youtube.com/watch?v={ID}",
        f"javascript:alert(1)//youtube.com/watch?v={ID}",
        f"ftp://youtube.com/watch?v={ID}",
        f"//youtube.com/watch?v={ID}",
        f"https:youtube.com/watch?v={ID}",
        f"https://you\ttube.com/watch?v={ID}",
        f"https://youtube.com/watch?v={ID} and more",
        f"https://youtube.com/watch?v={ID}\nhttps://evil.io",
        f"<https://youtube.com/watch?v={ID}>",
        f"https://[youtube.com/watch?v={ID}",
        f"https://vimeo.com/watch?v={ID}",
    ],
)
def test_everything_else_is_refused(text):
    assert parse_video_link(text) is None


@given(st.text() | st.text("youtube.com/watch?v=abc:@[]#&%", max_size=60))
def test_any_text_is_a_link_or_none(text):
    link = parse_video_link(text)
    assert link is None or parse_video_link(link.url) is not None
