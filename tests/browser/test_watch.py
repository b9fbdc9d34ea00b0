"""The page of all runs as people use it, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.pages import soon
from tests.tools.watch.making import made_run, made_runs, made_search, say, training
from tools.watch.serve import Watch
from utils.local_server import served

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
MANY = 1000


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of the page of a folder, which is empty at first."""
    with served(Watch(tmp_path)) as address:
        yield address


@pytest.fixture
def context(browser: Any, address: str) -> Iterator[Any]:
    """A window whose pages must complain of nothing and ask nobody but the server."""
    context, complaints, requests = browser.new_context(), [], []
    context.on("console", lambda message: complaints.append(message.text))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("request", lambda request: requests.append(request.url))
    yield context
    context.close()
    assert complaints == []
    assert [url for url in requests if not url.startswith((address, "data:"))] == []


@pytest.fixture
def runs(tmp_path: Path) -> None:
    """Four runs of two configs, one of which is a trial of a search."""
    for run_id, epochs, state, name, rate in (
        ("first", 2, "done", "net", 0.1), ("second", 3, "stopped", "net", 0.2), ("third", 1, "done", "other", 0.3),
        ("rates-0002-s1", 3, "pruned", "net", 0.4),
    ):  # fmt: skip
        made_run(tmp_path, run_id, epochs, state, name=name, optimizer={"type": "SGD", "args": {"lr": rate}})
    made_search(tmp_path, state="done")


@pytest.fixture
def page(context: Any, address: str, runs: None) -> Any:
    """The page with these runs."""
    page = context.new_page()
    page.goto(address)
    page.locator(".list tbody tr").nth(3).wait_for()
    return page


def shown(page: Any) -> list[str]:
    """The runs in their order on the page."""
    found: list[str] = page.locator(".list tbody th a").all_inner_texts()
    return found


def state(page: Any, run: str) -> Any:
    """The state that a run is shown in."""
    return page.locator(".list tbody tr", has_text=run).locator(".state")


def test_runs_are_filtered_by_words_states_and_configs(page: Any) -> None:
    page.get_by_placeholder("Name, run").fill("NET 0.2")
    soon(page, lambda: shown(page), ["second"])
    page.get_by_placeholder("Name, run").fill("no such thing")
    page.get_by_text("No run is like this.").wait_for()
    page.get_by_placeholder("Name, run").fill("")
    page.get_by_role("button", name="2 done").click()
    soon(page, lambda: sorted(shown(page)), ["first", "third"])
    page.get_by_label("Config or search").select_option("other")
    soon(page, lambda: shown(page), ["third"])
    page.reload()
    page.locator(".list tbody tr").first.wait_for()
    soon(page, lambda: shown(page), ["third"])
    page.locator("button[aria-pressed=true]", has_text="2 done").wait_for()
    page.get_by_role("button", name="2 done").click()
    page.get_by_label("Config or search").select_option("search rates")
    soon(page, lambda: shown(page), ["rates-0002-s1"])


def test_runs_are_sorted_by_a_column_and_again_the_other_way(page: Any) -> None:
    page.get_by_role("button", name="Best").click()
    soon(page, lambda: shown(page), ["rates-0002-s1", "second", "first", "third"])
    page.locator("th[aria-sort=ascending]", has_text="Best").wait_for()
    page.get_by_role("button", name="Best").click()
    soon(page, lambda: shown(page)[0], "third")
    page.get_by_role("button", name="Run", exact=True).click()
    soon(page, lambda: shown(page), ["first", "rates-0002-s1", "second", "third"])


def test_chosen_runs_are_compared_and_their_pages_open(context: Any, page: Any) -> None:
    assert not page.locator("#chosen").is_visible()
    page.get_by_label("Choose log/net/first").check()
    page.get_by_label("Choose log/net/second").check()
    with context.expect_page() as opened:
        page.get_by_role("link", name="Compare").click()
    compared = opened.value
    compared.locator("h1", has_text="2 runs compared").wait_for()
    compared.locator(".runs").get_by_text("optimizer.args.lr").wait_for()
    compared.get_by_role("link", name="report").first.click()
    compared.wait_for_url("**/report?run=*")
    compared.locator("h1", has_text="net").wait_for()
    page.get_by_role("button", name="Choose none").click()
    page.locator("#chosen").wait_for(state="hidden")


def test_a_search_opens_with_its_settings(context: Any, page: Any) -> None:
    with context.expect_page() as opened:
        page.get_by_role("link", name="rates", exact=True).click()
    assert opened.value.locator("tbody tr").first.inner_text().split()[:3] == ["2", "done", "0.875"]


def test_a_page_in_a_runs_folder_cannot_read_the_others(context: Any, address: str, tmp_path: Path) -> None:
    run = made_run(tmp_path, "theirs")
    script = "fetch('runs?since=0').then(() => { document.title = 'read'; }, () => { document.title = 'refused'; })"
    (run.files.log / "report.html").write_text(f"<title>theirs</title><script>{script}</script>")
    page = context.browser.new_context().new_page()  # where complaints are welcome
    page.goto(f"{address}report?run=log/net/theirs")
    soon(page, page.title, "refused")
    assert page.evaluate("origin") == "null"


def test_a_started_a_killed_and_a_finished_run_are_seen_within_two_seconds(
    context: Any, address: str, tmp_path: Path
) -> None:
    """The page asks once a second: what it is told within two answers is shown within two seconds."""
    page, answers = context.new_page(), []
    page.goto(address)
    page.get_by_text("There are no runs here yet.").wait_for()
    page.on("response", lambda response: answers.append(response.url))

    def seen(run: str, word: str) -> int:
        """How many answers it took until a run was shown in a state."""
        before = len(answers)
        state(page, run).get_by_text(word, exact=True).wait_for()
        return len(answers) - before

    for run_id in ("killed", "finished"):
        run = made_run(tmp_path, run_id, 1, state=None)
        with training(run) as process:
            say(run, "running", 1)
            assert seen(run_id, "running") <= 2
            if run_id == "killed":
                process.kill()
                process.wait()
            else:
                say(run, "done", 3)
                process.communicate()
            assert seen(run_id, "killed" if run_id == "killed" else "done") <= 2


def test_it_says_that_its_program_has_ended(browser: Any, tmp_path: Path) -> None:
    page = browser.new_page()
    with served(Watch(tmp_path)) as address:
        page.goto(address)
        page.get_by_text("0 runs").wait_for()
        page.route("**/runs?*", lambda route: route.abort())
    page.get_by_role("alert").wait_for()
    page.get_by_text("The program behind this page has ended.").wait_for()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, PHONE], ids=["desktop", "phone"])
def test_it_fits_in_either_scheme(page: Any, scheme: str, size: dict[str, int]) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(size)
    page.get_by_label("Choose log/net/first").check()
    soon(page, lambda: page.evaluate("document.documentElement.scrollWidth") <= size["width"], True)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(20, 22, 26)")
    assert page.get_by_label("In the order of").is_visible() == (size is PHONE)
    for part in page.locator(".list tbody tr").first.locator("th a, .state, .spark, .number").all():
        box = part.bounding_box()
        assert box is None or 0 <= box["x"] <= box["x"] + box["width"] <= size["width"]
    curve, best = (page.locator(f".searches {part}").bounding_box() for part in (".spark", ".best"))
    assert curve["x"] + curve["width"] <= best["x"]


def test_the_button_changes_light_and_dark(page: Any) -> None:
    page.locator("#theme").click()
    page.locator("html[data-theme=dark]").wait_for()


def test_names_of_runs_are_no_markup(context: Any, address: str, tmp_path: Path) -> None:
    made_run(tmp_path, "<img src=x onerror=document.title='bad'>", name="<b>net</b>")
    page = context.new_page()
    page.goto(address)
    page.locator(".list tbody tr").wait_for()
    soon(page, lambda: shown(page), ["<img src=x onerror=document.title='bad'>"])
    assert page.title().startswith("Runs in")


def test_a_thousand_runs_are_shown(context: Any, address: str, tmp_path: Path) -> None:
    made_runs(tmp_path, MANY)
    page = context.new_page()
    page.goto(address)
    page.locator(".list tbody tr").nth(MANY - 1).wait_for(state="attached")
    page.get_by_placeholder("Name, run").fill("r0777")
    soon(page, lambda: shown(page), ["r0777"])
    page.get_by_text(f"{MANY} runs").wait_for()
