"""The values of parameters in words."""

from config.definitions import definitions
from config.texts import catalogue
from config.values import ParameterValue
from util.durations import Duration, encode_duration
from util.identifiers import Parameter, ParameterType
from util.phrases import Raw, Value, phrase, role_mention, user_mention
from util.texts import Text


def value_words(key: Parameter, value: ParameterValue) -> Value:
    """Return a parameter's value as a message shows it."""
    match value:
        case None:
            return Text.VALUE_NONE
        case bool():
            return Raw(f"`{str(value).lower()}`")
        case Duration():
            return phrase(Text.PARAMETER_VALUE_DURATION, words=value, typed=encode_duration(value))
        case int() if definitions().parameters[key].type is ParameterType.ROLE:
            return role_mention(value)
        case int() if definitions().parameters[key].type is ParameterType.MEMBER:
            return user_mention(value)
        case int():
            return Raw(f"`{value}`")
        case str() if definitions().parameters[key].type is ParameterType.LANGUAGE:
            return Raw(catalogue().entry(Text.LANGUAGE_NAME, value).text)
        case str():
            return Raw(f"`{value}`")
