"""The colours, measured: every pair that meets on a page has the contrast of WCAG 2.2 AA, in both sets."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "theme" / "static" / "theme" / "css"

GROUNDS = ("paper", "surface", "sunk")
WORDS = (
    "ink", "ink-soft", "primary", "primary-strong", "seal", "attention",
    "kind-resource", "kind-micro-course", "kind-case-study", "kind-research-outcome",
    "state-draft", "state-school", "state-trial", "state-expert", "state-published", "state-shared",
)  # fmt: skip
TEXT = [(word, ground) for word in WORDS for ground in GROUNDS] + [
    ("on-primary", "primary"),
    ("on-primary", "primary-strong"),
    ("on-seal", "seal-fill"),
    ("paper", "ink"),  # the grave button
    ("paper", "attention"),  # the mark before an error
    *((word, "primary-tint") for word in ("ink", "ink-soft", "primary")),
    *((word, "attention-tint") for word in ("ink", "ink-soft", "attention", "primary")),
    ("ink", "mark"),
]
SHAPES = [("edge", ground) for ground in GROUNDS] + [("seal-fill", "surface"), ("seal-fill", "paper")]


def colours(name: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", (CSS / name).read_text()))


LIGHT = colours("tokens.css")
DARK = {**LIGHT, **colours("tokens-dark.css")}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_words_can_be_read(tokens: dict[str, str]) -> None:
    poor = {f"{w} on {g}": round(contrast(tokens[w], tokens[g]), 2) for w, g in TEXT}
    assert {pair: value for pair, value in poor.items() if value < 4.5} == {}


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_shapes_can_be_seen(tokens: dict[str, str]) -> None:
    poor = {f"{s} on {g}": round(contrast(tokens[s], tokens[g]), 2) for s, g in SHAPES}
    assert {pair: value for pair, value in poor.items() if value < 3} == {}


def test_dark_names_every_colour_of_light() -> None:
    assert colours("tokens-dark.css").keys() == LIGHT.keys()


def test_the_values_of_the_brief() -> None:
    brief = {
        "paper": "#faf9f6", "surface": "#ffffff", "line": "#e3e0d8", "ink": "#1c2430", "ink-soft": "#59626e",
        "primary": "#0e6a66", "seal": "#b53a25", "kind-resource": "#2f4b8f", "kind-micro-course": "#0e6a66",
        "kind-case-study": "#8a5a00", "kind-research-outcome": "#6b3a7a",
    }  # fmt: skip
    assert {name: LIGHT[name] for name in brief} == brief


def test_every_variable_that_is_used_exists() -> None:
    sheets = "".join(path.read_text() for path in CSS.glob("*.css"))
    used = set(re.findall(r"var\(--([\w-]+)", sheets))
    made = set(re.findall(r"--([\w-]+):", sheets))
    assert used - made == set()


def test_no_sheet_uses_what_the_oldest_browser_does_not_know() -> None:
    sheets = re.sub(r"/\*.*?\*/", "", "".join(path.read_text() for path in CSS.glob("*.css")), flags=re.DOTALL)
    assert not re.search(r"color-mix\(|light-dark\(|oklch\(|@scope|^\s+&", sheets, re.MULTILINE)


def test_only_tokens_carry_colours() -> None:
    """Outside the tokens a colour stands only where it lies over a film, whose ground is the same in both sets."""
    for path in CSS.glob("*.css"):
        if path.name.startswith("tokens"):
            continue
        rules = re.findall(r"([^{}]+)\{([^{}]*)\}", path.read_text())
        loose = [where.strip() for where, what in rules if re.search(r"#[0-9a-f]{3,6}\b|rgb\(", what)]
        assert all(".player" in where for where in loose), (path.name, loose)


def test_english_pages_take_their_marks_from_a_latin_font() -> None:
    written = (CSS / "tokens.css").read_text()
    english = re.search(r":root:lang\(en\) \{\s*--sans: ([^;]+);", written)
    assert english is not None
    fonts = [name.strip(' "') for name in english[1].split(",")]
    assert fonts.index("Arial") < fonts.index("PingFang SC")
    marks = re.search(r'font-family: "Marks";[^}]+unicode-range: ([^;]+);', written)
    assert marks is not None
    assert marks[1] == "U+2018-2019, U+201C-201D"
