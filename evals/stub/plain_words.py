"""Words that the stub's mirror has to know. Plain data."""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """The words of a list written with spaces and line breaks between them."""
    return frozenset(text.split())


ADVERBS = listed("""
also just only never always still really then once already often
""")
"""What may stand between "I" and its verb."""

LOWERED = listed("""
the a an it this that there he she they nobody everyone everybody somebody nothing yesterday today his her
their then now when after before since in on at every each some all one two three last only even what if
as for with from by half both most people
""")
"""Words that are written small when they no longer begin the sentence."""

PLAIN = listed("""
about after again against also because been before being could does doing every from have having here into
just like made make more most much never only other over really said same says should since some something
still such than that their them then there these they thing things this those through time told very want
well were what when where which while will with would your think know knew knows back come goes keep even
myself nobody nothing himself herself themselves always already without though although during between
whether almost often once both each whole least enough maybe until around another anything everything
anyone someone somebody anybody everybody everyone wants wanted asked asking asks tells telling mean means
meant saying writes write written went came gone going first next last possible wrong right good better
best less possibly noticed notice notices feel feels felt year years life part word words sense seems days
week weeks month months moment point place answer reason story situation matter matters important
different change changed help helped hope believe thought thinking question questions happened happens
happen people person needs need needed start started take took taken find found look looked looks hold
held down further yourself didn done making makes comes coming given gave gives getting tried trying learn
learned real true small long hear heard hears stand stands stood standing call called side hand hands step
steps decide decided decision might must shall quite whenever whatever however wherever ever else itself
cannot rather used differently mentioned mention speak speaks talk talked talks name named choose chosen
hard afraid feeling worry worried worst experience sentence little bother bothers concern voice head heart
body mind today tonight yesterday tomorrow somehow anyway indeed probably perhaps actually simply exactly
there's that's what's
""")
"""Words that are in everybody's mouth: taking up one of them is not yet listening."""
