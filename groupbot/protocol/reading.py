"""reading.toml: how posts are read; the fields of the form, what surrounds them, topics, danger, the private road."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from groupbot.protocol.parts import Names, NonEmpty, Part, Words


class FormField(Part):
    """[[field]]: one labelled line of the form and the Open311 name it maps onto."""

    code: Literal["ward", "location", "problem", "priority", "reporter_name", "reporter_phone", "channel", "other"]
    open311: NonEmpty
    required: bool = False
    labels: Words
    pictograms: tuple[str, ...] = ()
    spare: Words | None = None  # further labels, which count only where a form has none of the field's own
    numbered: bool = False  # "Problem 1 / Problem 2" are two requests


class FormRules(Part):
    """[form]: what surrounds the fields: headers, placeholders, words that make a post something else."""

    headers: Words
    max_requests: Annotated[int, Field(ge=1, le=50)] = 20
    label_fillers: Words  # words around a label that change nothing ("exact", "your")
    label_possessives: Words  # "of", "ya": of two label words the one before counts
    label_verbs: Words = {}  # "is", "ni": between a label and its value, where a form is told in sentences
    notice_labels: Words  # labels that only notices have ("Agenda")
    reference_labels: Words  # labels before a reference number
    placeholders: Words  # values that stand for nothing; a trailing * lets a value go on
    anonymous: Words  # phrases that mean "no name is given"
    withheld: Words  # phrases that mean "no phone is given"
    notice_details: Words = {}  # labels of a problem that notices have as well ("Details")
    notices: Words  # titles that make a labelled post a notice, not a form
    examples: Words  # phrases that make a filled form an example
    explains: Words = {}  # what opens a value that says what to write there ("your ward")
    need: Words  # words that make prose a need
    lacks: Words  # words of a bad state: a need beside a public thing (hints) or a call for help
    hints: Words  # public things that needs are about
    asks: Words  # asking for help
    told: Words  # somebody has told the writer
    tells: Words = {}  # words of telling behind somebody's name: what an offer leaves out, with the name
    titles: Words = {}  # small words that belong to such a name ("mama", "arap")
    coordination: Words  # an office or neighbour speaking of work under way
    negations: Words  # words that turn round what follows them
    polite: Words  # words that open a wish ("please")
    errands: Words  # what a polite word before it asks of the group itself ("please share"), never of an office
    settled: Words  # in place of a problem: it is over
    news: Words = {}  # words of what was seen, heard or read: no need, unless it asks something of us
    elsewhere: Words = {}  # other counties: what happens there is seldom a need of ours
    procedure: Words = {}  # asking how a thing is done or whose work it is
    own: Words  # speaking of oneself: what somebody on no roster must do to be heard
    serious: Words  # words that take a joke back
    laughter: Words  # words and emoji of a joke
    talk: Words  # words that open an answer to somebody, never a need
    past: Words  # words that make prose about an earlier request
    social: Words  # greetings, thanks, prayers, condolences: as a line's opening
    address: Words  # whom a post speaks to; dropped from the beginning of an offer
    signatures: Words  # what a line under a form ends with
    adverts: Words  # words of adverts and hoaxes
    places: Words  # kinds of places that follow or precede a name, to guess where a need is
    places_before: Words  # kinds of places that only precede it
    before_place: Words  # words that stand before a place's name
    never_place: Words  # capital words that are no place
    common: Words  # everyday words, to tell the languages apart


class Topic(Part):
    """[[topic]]: what a request is about, found by words, shown in the mirror."""

    code: NonEmpty
    service_code: NonEmpty
    name: Names
    words: Words
    no_ward: bool = False  # most sensitive: the mirror shows neither ward nor time of day
    common: tuple[
        str, ...
    ] = ()  # of its words in any language, those that fit any department's matters and point at none: "no lights"
    anywhere: bool = False  # its words count in every department's group, not only in its own


class PrivateRoute(Part):
    """[private_route]: matters that must leave the group (corruption, abuse, child and GBV): words and patterns."""

    series: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    words: Words  # enough by themselves
    harmed: Words  # who is easily harmed: with a verb of harm and somebody who does it
    harming: Words
    doers: Words
    harmless: Words  # beside these such words tell of weather, sport or a wedding
    officials: Words
    asking: Words  # asking somebody for something
    bribes: Words  # what is asked for; with an official and asking
    taking: Words  # taking money; with an official and no receipt
    money: Words
    no_receipt: Words


class NameRules(Part):
    """[names]: what betrays a person in free text before it is published; what is hidden in error costs little."""

    given: Words  # names, wherever they stand
    starts: tuple[str, ...] = ()  # beginnings of names
    before: Words  # words that a name follows: titles, kin, "called"
    numbers: Words  # words that the number of a person or a plot follows
    never: Words  # words that look like names by their beginning or their capital, and are none


class ReadingFile(Part):
    """reading.toml: how posts are read: the form's fields, what surrounds them, topics, danger, the private road."""

    field: tuple[FormField, ...]
    form: FormRules
    topic: tuple[Topic, ...] = ()
    danger: Words  # words that make the bot print the emergency numbers
    private_route: PrivateRoute
    names: NameRules
