"""The report in a real browser: Chromium without a window, from file://.

Needs chromium and chromedriver: on Debian and Ubuntu ``apt-get install chromium chromium-driver``.
Where there is none these tests are skipped, unless ``SSE_WINDOW_REQUIRE_BROWSER=1`` asks for them.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from report_rows import HARMFUL, failed_row, pair_rows, window_rows, write

from sse_window.cli import main
from sse_window.html_report import write_report

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        os.environ.get("SSE_WINDOW_REQUIRE_BROWSER") != "1"
        and not (any(map(shutil.which, BROWSERS)) and shutil.which("chromedriver")),
        reason="no Chromium with its driver here: 'apt-get install chromium chromium-driver'",
    ),
]

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

DESKTOP, PHONE = (1400, 1000), (390, 844)

FORMULAS = ("Li10GeP2S12", "Li3PS4", "Al2O3", "Li7La3Zr2O12", "Li3N", "LiF", "Li2O2")
ELECTROLYTES, ELECTRODES = ["LGPS", "LPS", "LiPON", "LLZO"], ["LCO", "graphite", "Li"]


def found(*names: str) -> str:
    for name in names:
        if path := shutil.which(name):
            return path
    pytest.fail(f"no {names[0]} on this machine: 'apt-get install chromium chromium-driver'")


class Browser:
    """One Chromium, and what the tests ask of it."""

    def __init__(self, profile: Path) -> None:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service

        options = webdriver.ChromeOptions()
        options.binary_location = found(*BROWSERS)
        for flag in (*FLAGS, f"--user-data-dir={profile / 'profile'}"):
            options.add_argument(flag)
        options.add_experimental_option(
            "prefs", {"download.default_directory": str(profile / "downloads")}
        )
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        self.driver = webdriver.Chrome(options, Service(found("chromedriver")))
        self.folder = profile

    def open(self, path: Path, size: tuple[int, int] = DESKTOP, *, dark: bool = False) -> None:
        width, height = size
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.driver.get("about:blank")
        for log in ("browser", "performance"):
            self.driver.get_log(log)
        self.address = path.as_uri()
        self.driver.get(self.address)
        self.js("try { localStorage.clear() } catch {}")

    def js(self, script: str, *values: object):
        return self.driver.execute_script(script, *values)

    def all(self, selector: str) -> list:
        return self.driver.find_elements("css selector", selector)

    def one(self, selector: str):
        return self.driver.find_element("css selector", selector)

    def texts(self, selector: str) -> list[str]:
        return self.js(
            "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)",
            selector,
        )

    def until(self, condition) -> None:
        end = time.monotonic() + 30.0
        while not condition():
            assert time.monotonic() < end, "the page did not get there within 30 s"
            time.sleep(0.02)

    def counted(self, text: str) -> None:
        self.until(lambda: self.one("#count").text == text)

    def type(self, selector: str, text: str) -> None:
        box = self.one(selector)
        box.clear()
        box.send_keys(text)

    def choose(self, selector: str, text: str) -> None:
        from selenium.webdriver.support.select import Select

        Select(self.one(selector)).select_by_visible_text(text)

    def press(self, key: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains
        from selenium.webdriver.common.keys import Keys

        ActionChains(self.driver).send_keys(getattr(Keys, key)).perform()

    def names(self) -> list[str]:
        return self.texts("#table tbody th button")

    def sort(self, key: str) -> str:
        """Click the header of a column; the order that it then announces."""
        header = f'#table th[data-key="{key}"]'
        self.one(f"{header} button").click()
        return self.one(header).get_attribute("aria-sort")

    def messages(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Addresses that the page asked for, but those of data in the page itself."""
        asked = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                request = message["params"].get("request", message["params"])
                if message["params"].get("documentURL", self.address) == self.address:
                    asked.append(request["url"])
        return [address for address in asked if not address.startswith(("data:", "blob:"))]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    opened = Browser(tmp_path_factory.mktemp("browser"))
    yield opened
    opened.driver.quit()


@pytest.fixture(scope="module")
def windows(table, tmp_path_factory) -> Path:
    rows = window_rows(table, *FORMULAS)
    rows += [failed_row(rows[0], f"cannot read {harm}", formula=harm) for harm in HARMFUL]
    rows = [row | {"batch <b>": harm} for row, harm in zip(rows, HARMFUL * 3, strict=False)]
    folder = tmp_path_factory.mktemp("windows")
    write_report(write(rows, folder / "a.parquet"), folder / "a.html", title=HARMFUL[1])
    return folder / "a.html"


@pytest.fixture(scope="module")
def pairs(table, tmp_path_factory) -> Path:
    rows = pair_rows(table, ELECTROLYTES, ELECTRODES)
    failed = failed_row(rows[0], "no element 'Xx'", electrolyte="Xx", electrode="LCO")
    folder = tmp_path_factory.mktemp("pairs")
    write_report(write([*rows, failed], folder / "a.parquet"), folder / "a.html")
    return folder / "a.html"


@pytest.fixture(scope="module")
def many(table, tmp_path_factory) -> Path:
    rows = window_rows(table, *FORMULAS)
    rows = [row | {"batch": i} for i in range(10_000 // len(rows) + 1) for row in rows]
    folder = tmp_path_factory.mktemp("many")
    write_report(write(rows[:10_000], folder / "a.parquet"), folder / "a.html")
    return folder / "a.html"


@pytest.mark.parametrize("size", [DESKTOP, (820, 1000), PHONE, (320, 640)])
@pytest.mark.parametrize("name", ["windows", "pairs"])
def test_loads_in_silence_and_fits(browser, request, name, size):
    browser.open(request.getfixturevalue(name), size)
    assert browser.all("#table tbody tr")
    for opened in (False, True):
        if opened:
            browser.one("#table tbody th button").click()
            assert browser.one("#panel").is_displayed()
        width = browser.js("return document.documentElement.scrollWidth")
        assert width <= size[0]
        # A page that is too wide makes the view of a phone wider.
        assert browser.js("return innerWidth") == size[0]
        assert (
            browser.js("const p = document.querySelector('#panel'); return p.scrollWidth")
            <= size[0]
        )
    assert browser.messages() == []
    assert browser.requests() == [browser.address]


def test_harmful_formula_is_inert(browser, windows):
    browser.open(windows)
    assert browser.one("h1").text == browser.driver.title == HARMFUL[1]
    assert browser.names() == [*FORMULAS, *HARMFUL]
    for row in range(len(FORMULAS), len(FORMULAS) + len(HARMFUL)):
        browser.one(f'tr[data-row="{row}"] th button').click()
        assert browser.one("#panel-title").text == HARMFUL[row - len(FORMULAS)]
    assert browser.js("return window.harmed === undefined")
    assert browser.js("return document.querySelectorAll('img, b, main script').length") == 0
    # The policy holds even if markup did get in.
    browser.js(
        "const s = document.createElement('script'); s.append('window.harmed = 9');"
        "try { document.body.append(s) } catch {}"
    )
    assert browser.js("return window.harmed === undefined")
    assert all("TrustedScript" in message for message in browser.messages())


def test_sorting(browser, windows):
    browser.open(windows)
    assert browser.names()[:7] == list(FORMULAS)
    assert browser.sort("oxidation_potential_V") == "ascending"
    rising = browser.names()
    # No limit is above every limit; rows that failed come last either way.
    assert rising[6] == "Al2O3"
    assert browser.sort("oxidation_potential_V") == "descending"
    assert browser.names()[:7] == rising[:7][::-1]
    assert browser.names()[7:] == list(HARMFUL)
    assert browser.sort("oxidation_potential_V") == "none"
    assert browser.names()[:7] == list(FORMULAS)
    assert browser.sort("formula") == "ascending"
    assert [name for name in browser.names() if name in FORMULAS] == [
        "Al2O3",
        "Li2O2",
        "Li3N",
        "Li3PS4",
        "Li7La3Zr2O12",
        "Li10GeP2S12",
        "LiF",
    ]
    # By keyboard: the header keeps the focus, so that Enter turns the order round.
    browser.press("ENTER")
    assert browser.one('th[data-key="formula"]').get_attribute("aria-sort") == "descending"


def test_filters(browser, windows):
    browser.open(windows)
    browser.counted("12 rows")
    browser.type("#search", "li3n")
    browser.counted("1 of 12 rows")
    browser.type("#search", "cannot read -img")
    # Two of the five hold an img, one in its formula and one in its further column.
    browser.counted("3 of 12 rows")
    browser.one("#reset").click()
    browser.counted("12 rows")
    box = 'input[data-key="oxidation_potential_V"][data-side="from"]'
    browser.type(box, "2.85")
    browser.until(lambda: browser.names() == ["Al2O3", "Li7La3Zr2O12", "LiF", "Li2O2"])
    browser.type('input[data-key="reduction_potential_V"][data-side="to"]', "0.1")
    browser.until(lambda: browser.names() == ["Li7La3Zr2O12", "LiF"])
    assert browser.one("#active-filters").text == "2 filters"
    browser.one("#reset").click()
    browser.choose("#covers", "graphite, 0.01\u20130.25 V")
    browser.until(lambda: browser.names() == ["Li3N", "LiF"])
    browser.one("#reset").click()
    browser.choose("#status", "failed (5)")
    browser.until(lambda: browser.names() == list(HARMFUL))
    browser.type("#search", "nothing holds this")
    browser.counted("0 of 12 rows")
    assert browser.one("#nothing").is_displayed()
    browser.one("#reset").click()
    browser.choose("#add-range", "Width, V")
    browser.driver.switch_to.active_element.send_keys("4")
    browser.until(lambda: browser.names() == ["Al2O3", "LiF"])


def test_missing_values_have_a_word(browser, windows):
    browser.open(windows)
    place = FORMULAS.index("Al2O3")
    cells = {
        cell.get_attribute("data-label"): cell.text
        for cell in browser.all(f'tr[data-row="{place}"] td[data-label]')
    }
    assert cells["Oxidation"] == "no limit"
    assert browser.all(f'tr[data-row="{place}"] .beyond')
    (failed,) = browser.texts(f'tr[data-row="{len(FORMULAS)}"] td')
    assert failed == f"Failed: cannot read {HARMFUL[0]}"
    browser.one(f'tr[data-row="{len(FORMULAS)}"] button').click()
    values = dict(zip(browser.texts(".fields dt"), browser.texts(".fields dd"), strict=True))
    assert values["Oxidation V"] == "unknown"


def test_bars_stand_where_the_voltages_are(browser, windows):
    browser.open(windows)
    row = FORMULAS.index("Li3PS4")
    bar, cell, bands = browser.js(
        """const line = document.querySelector(`tr[data-row="${arguments[0]}"]`);
        const box = (e) => { const r = e.getBoundingClientRect(); return [r.left, r.right]; };
        return [box(line.querySelector('.window')), box(line.querySelector('svg.bar')),
                [...line.querySelectorAll('.band')].map(box)];""",
        row,
    )
    ticks = browser.js(
        """return [...document.querySelectorAll('#table .tick')].map((e) => {
        const r = e.getBoundingClientRect(); return (r.left + r.right) / 2; })"""
    )
    volt = ticks[3] - ticks[2]
    zero = ticks[2] - 2 * volt
    assert cell[0] == pytest.approx(zero, abs=1.0)
    assert [(end - zero) / volt for end in bar] == pytest.approx([1.7207, 2.3607], abs=0.03)
    ranges = [[(end - zero) / volt for end in band] for band in bands]
    for found_range, (low, high) in zip(ranges, [(0.01, 0.25), (2.5, 4), (3, 4.3)], strict=True):
        assert found_range == pytest.approx([low, high], abs=0.03)
    assert "stable phase" in browser.texts(f'tr[data-row="{row}"] svg title')[0]


def test_error_bars_and_another_ion(browser, tmp_path):
    question = ["window", "Na3PS4", "--ion=Na", "--uncertainty=5", "-o", str(tmp_path / "a.json")]
    assert CliRunner().invoke(main, question).exit_code == 0
    write_report(tmp_path / "a.json", tmp_path / "a.html")
    browser.open(tmp_path / "a.html")
    assert "V vs Na/Na\u207a" in browser.texts(".bar-title")[0]
    assert len(browser.all(".bar .whisker")) == 2 * 3
    assert browser.texts("#electrodes label")[0].startswith("Na ")
    assert browser.messages() == []


def test_panel_of_a_window(browser, windows):
    browser.open(windows)
    browser.one('tr[data-row="0"] th button').click()
    assert browser.one("#panel-title").text == "Li10GeP2S12"
    assert browser.driver.switch_to.active_element.get_attribute("id") == "panel-title"
    text = browser.one("#panel-body").get_attribute("textContent")
    assert "Li10GeP2S12 + 10 Li \u2192 8 Li2S + Li4GeS4 + 2 P" in text
    assert "mp-2020-polyanions" in text
    assert len(browser.all("#panel .plain tbody tr")) == 13
    assert browser.texts("#panel .in-window td")[0] == "1.721 \u2013 2.291"
    browser.one("#panel-next").click()
    assert browser.one("#panel-title").text == "Li3PS4"
    assert browser.all('tr.selected[data-row="1"]')
    # Beside the panel the table stays in use.
    browser.one('tr[data-row="2"] td.numeric').click()
    assert browser.one("#panel-title").text == "Al2O3"
    browser.press("ESCAPE")
    assert not browser.one("#panel").is_displayed()
    assert browser.driver.switch_to.active_element.text == "Li10GeP2S12"


def test_panel_says_why_there_are_no_steps(browser, many):
    browser.open(many)
    browser.one('tr[data-row="0"] th button').click()
    text = browser.one("#panel-body").get_attribute("textContent")
    assert "No steps: the file holds none, and they are worked out again for up to 500 rows" in text


def test_pair_map_and_panel(browser, pairs):
    browser.open(pairs)
    rows = browser.texts(".map tbody th")
    assert rows == [*ELECTROLYTES, "Xx"]
    assert browser.texts(".map thead tr:first-child th") == ["Electrolyte", *ELECTRODES]
    assert len(browser.all(".map .heat")) == 5 * 4 + 2
    # What failed before the electrode was looked at failed in all its states.
    assert browser.texts(".map tbody tr:last-child .heat") == ["!", "!"]
    first = browser.one(".map .heat")
    colour = first.value_of_css_property("background-color")
    assert first.text == "3"
    label = "Electrochemical worst, mutual, eV/non-ion atom"
    browser.choose("#map-energy", label)
    changed = browser.one(".map .heat")
    assert changed.get_attribute("aria-label").startswith(
        "LGPS | LCO | discharged, Electrochemical worst, mutual: \u2212"
    )
    assert changed.value_of_css_property("background-color") != colour
    changed.click()
    assert browser.one("#panel-title").text == "LGPS | LCO discharged"
    text = browser.one("#panel-body").get_attribute("textContent")
    assert "electronically conducting" in text
    assert "conducts electrons" in text
    assert "Steps of the electrolyte alone" in text
    assert "Electrochemical, at the high end" in text
    browser.one("#panel-close").click()
    # The panel gives the focus back to what opened it, and arrow keys go through the map.
    focused = "return document.activeElement === document.querySelector('.map .heat')"
    browser.until(lambda: browser.js(focused))
    for key in ("ARROW_RIGHT", "ARROW_DOWN", "ENTER"):
        browser.press(key)
    browser.until(lambda: browser.one("#panel-title").text == "LPS | LCO charged")


def test_class_filter_thins_out_table_and_map(browser, pairs):
    browser.open(pairs)
    box = browser.one('#classes input[value="1"]')
    box.click()
    browser.until(lambda: " of " in browser.one("#count").text)
    marks = browser.texts("#table tbody .class-mark")
    assert marks
    assert set(marks) == {"1"}
    assert set(browser.texts(".map .heat")) == {"1"}
    browser.one('#classes input[value="null"]').click()
    browser.until(lambda: "Xx" in browser.names())


def test_theme_follows_the_system_and_the_button(browser, windows):
    def ground() -> list[int]:
        colour = browser.one("body").value_of_css_property("background-color")
        return [int(part) for part in colour.strip("rgba()").split(",")[:3]]

    browser.open(windows)
    assert min(ground()) > 200
    browser.open(windows, dark=True)
    assert max(ground()) < 60
    assert browser.one("#theme").text == "Light theme"
    browser.one("#theme").click()
    assert min(ground()) > 200
    browser.driver.refresh()
    assert min(ground()) > 200
    browser.js("localStorage.clear()")


CONTRAST = """
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
function rgba(colour) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
}
function luminance([r, g, b]) {
  const [x, y, z] = [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
}
const poor = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const holder = node.parentElement;
  if (!node.textContent.trim()) continue;
  if (holder.closest("svg, script, option, .arrow, :disabled")) continue;
  if (!holder.checkVisibility() || holder.closest(".visually-hidden, .unknown.heat")) continue;
  let ground = holder;
  while (ground && rgba(getComputedStyle(ground).backgroundColor)[3] < 255) {
    ground = ground.parentElement;
  }
  const [a, b] = [rgba(getComputedStyle(holder).color), rgba(ground
    ? getComputedStyle(ground).backgroundColor : "white")].map(luminance).sort((x, y) => y - x);
  const contrast = (a + 0.05) / (b + 0.05);
  if (contrast < 4.5) poor.push([holder.className, node.textContent.slice(0, 20), contrast]);
}
return poor;
"""


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["windows", "pairs"])
def test_contrast(browser, request, name, dark):
    browser.open(request.getfixturevalue(name), dark=dark)
    browser.one("#table tbody th button").click()
    browser.js("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    time.sleep(0.2)  # colours of rows fade in
    assert browser.js(CONTRAST) == []


def test_every_colour_of_the_map_is_legible(browser, table, tmp_path):
    (row,) = pair_rows(table, ["LiPON"], ["Li"])
    energy = "chemical_mutual_reaction_energy_eV_per_atom"
    rows = [row | {"electrode": f"E{i}", energy: -i / 100} for i in range(101)]
    write_report(write(rows, tmp_path / "a.parquet"), tmp_path / "a.html", details=False)
    for dark in (False, True):
        browser.open(tmp_path / "a.html", dark=dark)
        colours = {heat.value_of_css_property("color") for heat in browser.all(".heat")}
        assert colours == {"rgba(0, 0, 0, 1)", "rgba(255, 255, 255, 1)"}
        assert browser.js(CONTRAST) == []


def test_names_for_those_who_do_not_see(browser, pairs):
    browser.open(pairs)
    browser.one("#table tbody th button").click()
    nodes = browser.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    nameless = [
        node["role"]["value"]
        for node in nodes
        if not node.get("ignored")
        and node["role"]["value"] in ("button", "textbox", "searchbox", "spinbutton", "combobox")
        and not node.get("name", {}).get("value")
    ]
    assert nameless == []
    roles = {node["role"]["value"] for node in nodes if not node.get("ignored")}
    assert {"table", "columnheader", "rowheader", "dialog", "main", "heading"} <= roles


def test_phone_keeps_the_table_for_screen_readers(browser, windows):
    browser.open(windows, PHONE)
    assert browser.one("#table tbody tr").value_of_css_property("display") == "flex"
    nodes = browser.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node.get("ignored")]
    assert roles.count("row") == 1 + len(FORMULAS) + len(HARMFUL)
    browser.choose("#sort-by", "Oxidation \u2191")
    assert browser.names()[0] == "Li3N"
    browser.one("#table tbody th button").click()
    panel = browser.one("#panel")
    assert panel.rect["width"] == PHONE[0]
    browser.press("ESCAPE")
    assert not panel.is_displayed()


def test_columns_electrodes_and_saved_rows(browser, windows):
    browser.open(windows)
    browser.one("#columns-menu summary").click()
    labels = browser.all("#columns label")
    next(label for label in labels if label.text == "Basis").click()
    assert "Basis" in browser.texts("#table th .label")
    browser.one("h1").click()
    assert not browser.one("#columns").is_displayed()
    bands = len(browser.all('tr[data-row="0"] .band'))
    browser.one("#electrodes-menu summary").click()
    next(box for box in browser.all("#electrodes label") if box.text.startswith("LNMO")).click()
    assert len(browser.all('tr[data-row="0"] .band')) == bands + 1
    browser.one("h1").click()
    browser.type("#search", "cannot")
    browser.counted("5 of 12 rows")
    browser.one("#save").click()
    saved = browser.folder / "downloads" / "a-filtered.csv"
    browser.until(saved.is_file)
    with saved.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["formula"] for row in rows] == list(HARMFUL)
    assert rows[0]["oxidation_potential_V"] == ""


def test_ten_thousand_rows_stay_responsive(browser, many):
    browser.open(many)
    assert browser.one("#count").text == "10,000 rows"
    assert len(browser.all("#table tbody tr")) == 50
    longest = browser.js(
        """const begun = performance.now();
        for (const button of document.querySelectorAll('#table thead button')) button.click();
        return performance.now() - begun;"""
    )
    assert longest < 3000.0  # about 0.3 s for all columns
    browser.type("#search", "Li3N")
    browser.until(lambda: browser.one("#count").text == "1,428 of 10,000 rows")
    browser.one('#pager button[aria-label="Last page"]').click()
    assert browser.one(".pager-span").text == "1,401\u20131,428 of 1,428 rows"
    assert browser.one('#pager button[aria-label="Next page"]').get_attribute("disabled")


CAUGHT = """
window.caught = [];
const made = URL.createObjectURL.bind(URL);
URL.createObjectURL = (blob) => {
  blob.text().then((text) => window.caught.push([blob.type, text]));
  return made(blob);
};
"""


@pytest.mark.parametrize(("what", "marks"), [("map", 22), ("windows", 0)])
def test_pictures_are_saved(browser, pairs, what, marks):
    browser.open(pairs)
    browser.js(CAUGHT)
    browser.one(f'[data-picture="{what}-svg"]').click()
    browser.one(f'[data-picture="{what}-png"]').click()
    browser.until(lambda: browser.js("return window.caught.length") == 2)
    found = dict(browser.js("return window.caught"))
    assert set(found) == {"image/svg+xml", "image/png"}
    picture = ElementTree.fromstring(found["image/svg+xml"])
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    texts = ["".join(text.itertext()) for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert ELECTROLYTES[0] in " ".join(texts)
    assert len([text for text in texts if text in "01234!?"]) >= marks


def test_a_column_of_the_map_sorts_it(browser, pairs):
    browser.open(pairs)
    before = browser.texts(".map tbody th")
    browser.one('.map th[aria-sort="none"] button').click()
    sorted_ = browser.texts(".map tbody th")
    assert sorted(sorted_) == sorted(before)
    assert sorted_[-1] == "Xx"  # what failed comes last
    assert browser.one('.map th[aria-sort="ascending"]')
    browser.one('.map th[aria-sort="ascending"] button').click()
    assert browser.texts(".map tbody th")[-2] == sorted_[0]
    browser.one('.map th[aria-sort="descending"] button').click()
    assert browser.texts(".map tbody th") == before


def test_no_formula_is_broken_in_two(browser, pairs):
    browser.open(pairs)
    browser.one("#table tbody .open").click()
    assert browser.js("""
        return [...document.querySelectorAll(".formula")]
          .every((node) => node.getClientRects().length <= 1
            || getComputedStyle(node).whiteSpace === "nowrap");
    """)
    # Subscripts, also where a comma or a bracket follows.
    flags = browser.js("return document.querySelector('.flags')?.innerHTML ?? ''")
    assert "<sub>" in flags
