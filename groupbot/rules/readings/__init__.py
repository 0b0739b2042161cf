"""What does a post say? Ask `read_post`, and `read_labels` of a completing reply; the other files are their parts.

A post is cut into lines and labels (`lines`, `cuts`, `marks`, `labels`), those make drafts of forms (`drafts`,
`forms`, `headers`, `parsing`). Where that leaves something open the post is read again by its writer's hand (`sites`,
`hands`), and the reading whose fields fit together best is taken (`coherence`). Drafts get their values (`values`). Of
what has no labels `needs` tells whether it is a need, and `prose` makes the form to offer. `private_route` tells what
must leave the group. `vocabulary` is the pack's words, compiled once.
"""

from groupbot.rules.readings.private_route import OF_PROSE, is_private, may_be_private
from groupbot.rules.readings.reading import read_labels, read_post
from groupbot.rules.readings.vocabulary import Vocabulary

__all__ = ["OF_PROSE", "Vocabulary", "is_private", "may_be_private", "read_labels", "read_post"]
