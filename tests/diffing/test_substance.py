"""What says something, and what only stands on the page."""

from __future__ import annotations

import pytest

from diffing.model import Statement
from diffing.normal import normalise
from diffing.substance import of_substance


def said(text: str, language: str, lead_in: str | None = None) -> Statement:
    return Statement(index=0, text=text, normal=normalise(text), language=language, lead_in=lead_in)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Photo: Ministry of Defence"),
        ("en", "Photo by the Joint Staff"),
        ("ru", "Фото: пресс-служба Секретариата"),
        ("ru", "На фото: участники заседания"),
        ("en", "Share on VK"),
        ("ru", "Поделиться в соцсетях"),
        ("en", "Dear friends and partners!"),
        ("ru", "Уважаемые участники форума!"),
        ("ru", "Благодарю за внимание."),
        ("en", "1610 views"),
        ("en", "12:49 27.12.2025"),
        ("en", "USD 67.15"),
        ("ru", "Московское время 14:05"),
        ("en", "Read also: other news of the section"),
        ("ru", "Если вы нашли ошибку в тексте, выделите её и нажмите Ctrl+Enter"),
        ("en", "Lieutenant General Ivan Petrov"),
        ("ru", "Начальник управления Иван Петров"),
        ("en", "Tasks of the coming year"),
        ("ru", "Задачи на будущий год"),
        ("en", "and the other participants"),
        ("en", "…"),
        ("en", "© 2026 All rights reserved"),
    ],
)
def test_the_frame_of_a_page_says_nothing(language: str, text: str) -> None:
    assert not of_substance(said(text, language), asserts=False)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The session approved the budget."),
        ("en", "Search will continue in the mountains."),
        ("en", "The contingents travel to the mountains by rail."),
        ("en", "Photographs of the meeting were handed to the archive."),
        ("en", "Dear colleagues, the training that we prepared all summer has been moved to the autumn."),
        ("ru", "Сессия утвердила бюджет."),
        ("ru", "Комитет планирует рассмотреть вопрос осенью."),
        ("ru", "Цель сборов — обмен опытом."),
        ("ru", "Делегация посетит Ереван."),
        ("en", "CSTO delegation visits Armenia"),
    ],
)
def test_a_sentence_with_a_verb_says_something(language: str, text: str) -> None:
    assert of_substance(said(text, language), asserts=False)


def test_a_list_item_speaks_with_its_lead_in() -> None:
    item = said("talks in Minsk;", "en", lead_in="The plans envisage holding:")
    assert of_substance(item, asserts=False)


def test_a_fragment_that_asserts_a_fact_says_something() -> None:
    assert of_substance(said("“Rubezh-2025” - 17-20 September", "en"), asserts=True)


def test_a_caption_says_nothing_whatever_it_names() -> None:
    assert not of_substance(said("Photo: the active phase of “Rubezh-2025”", "en"), asserts=True)
