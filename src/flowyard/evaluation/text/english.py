"""Flowyard's own small model of English sentences, for machines without NLTK's data."""

from flowyard.evaluation.text.punkt import Model

_TITLES = (
    "adm capt cmdr col cpl dr fr gen gov hon jr lt maj messrs mlle mme mr mrs ms mt mx pres prof rep reps rev sen sens sgt sr st ste supt"
)
_BUSINESS = "assn assoc ave bldg blvd bros co corp cos dept dist inc intl ltd mfg natl rd univ"
_TIME = "a.m apr aug dec feb fri jan jul jun nov oct p.m sep sept thu thur thurs tue tues wed yr yrs"
_PLACES = (
    "ala ariz calif colo conn fla ind kan ky md mich minn mont neb nev okla ore penn tenn tex va vt wash wis wyo d.c e.u l.a n.c "
    "n.d n.h n.j n.m n.y r.i s.c s.d u.k u.n u.s u.s.a u.s.s.r w.va"
)
_REFERENCES = (
    "al approx b.c a.d cf ch cit ed eds e.g eq eqs esp etc fig figs ibid i.e incl misc n.b nos op p.s pp r.s.v.p ref refs sec vol "
    "vols vs viz"
)
_DEGREES = "b.a b.s b.sc d.phil ll.b ll.d m.a m.b.a m.d m.s m.sc ph.d"
_UNITS = "cu ft gal hr hrs kg km lb lbs ml mm oz sq tbsp tsp"
_STARTERS = (
    "a according after all although an and another as at because before both but by despite during each even every finally first "
    "for from he her here his how however i if in indeed instead it its last later many meanwhile more moreover most my neither "
    "nevertheless no nor not now of on once one only our overall please several she similarly since so some still such that the "
    "their then there these they this those though through thus to today two under unlike until we what when where whether which "
    "while who why with without yes yet you your"
)

#: Abbreviations that end with a period and do not end a sentence, and words that begin one when they follow with a capital. Words that
#: are both an abbreviation and a common word ("in.", "no.", "sat.") are left out.
ENGLISH = Model(
    abbreviations=frozenset(f"{_TITLES} {_BUSINESS} {_TIME} {_PLACES} {_REFERENCES} {_DEGREES} {_UNITS}".split()),
    starters=frozenset(_STARTERS.split()),
)
