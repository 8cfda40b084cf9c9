"""Addresses of machines, and networks of them."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def parse_networks(listed: str) -> tuple[Network, ...]:
    """Read addresses and networks separated by commas. Raises ValueError."""
    return tuple(ip_network(one.strip(), strict=False) for one in listed.split(",") if one.strip())


def is_address(text: str) -> bool:
    """Tell whether a text is an address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
