"""The button's page on a phone: choices and prices are readable at a width of 390 pixels."""

from __future__ import annotations

NARROW = """() => [...document.querySelectorAll("select")].flatMap(select => {
  const style = getComputedStyle(select), canvas = document.createElement("canvas").getContext("2d");
  canvas.font = style.font;
  const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 20;
  return [...select.options].filter(each => canvas.measureText(each.text).width > room).map(each => each.text);
})"""
"""The options whose text is cut when they are chosen: 20 pixels are those of the arrow."""


def test_the_button_on_a_phone(start, visit, shoot):
    """No choice is cut in its field, the prices of all regions fit, and nothing is wider than the screen."""
    site = start()
    page = visit(phone=True)
    page.goto(site.url)
    assert page.evaluate(NARROW) == []
    page.locator("summary", has_text="Plans and prices").click()
    page.get_by_text("$7 in Sao Paulo, BR").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shoot(page, "phone-prices")
