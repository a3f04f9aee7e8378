"""Chinese numerals up to ninety-nine, and back. Pure."""

DIGITS = "零一二三四五六七八九"


def number(text: str) -> int | None:
    """12 of `12` and of `十二`; None for what is no numeral below a hundred."""
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 2 else None
    if not text or any(sign not in "十两" + DIGITS for sign in text):
        return None
    tens, ten, ones = text.replace("两", "二").rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or tens == "十":
        return None
    if not ten:
        return DIGITS.index(ones)
    return (DIGITS.index(tens) if tens else 1) * 10 + (DIGITS.index(ones) if ones else 0)


def numeral(value: int) -> str:
    """`十二` of 12, for 0 to 99."""
    tens, ones = divmod(value, 10)
    if not tens:
        return DIGITS[ones]
    return f"{DIGITS[tens] if tens > 1 else ''}十{DIGITS[ones] if ones else ''}"
