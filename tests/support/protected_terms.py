"""Words that no text for clients contains, because they reveal a protected attribute."""

PROTECTED_TERMS = {
    "fr": (
        r"sexes?|sexuel\w*|genres?|hommes?|femmes?|masculin|féminin|monsieur|madame|mlle|mme",
        r"âges?|âgée?s?|vieux|vieille|jeunes?|naissance|née?|seniors?|retrait(e|ée?s?)|pensions?|pensionnée?s?",
        r"famil\w*|enfants?|mari\w*|conjoint\w*|époux|épouse|célibat\w*|divorc\w*|veu(f|ve)|foyer|ménage",
        r"régions?\w*|villes?|quartiers?|adresses?|logement\w*|domicile\w*|maisons?|habit(e|ez|ation)|résid\w*",
        r"études?|écoles?|diplômes?|universit\w*|métiers?|profession\w*|employeur\w*|branche",
        r"maternité|grossesse|enceinte|étudiant\w*|chômage|chômeu\w*",
        r"santé|médic\w*|malad\w*|handicap\w*|religi\w*|ethni\w*|race|racial\w*|national\w*|origines?|politi\w*",
        r"entourage|amis?|proches|relations|heures?|dimanches?|samedis?",
    ),
    "en": (
        r"genders?|sex(es|ual)?|fe?males?|m[ae]n|wom[ae]n|mrs?|ladies|lady|gentlem[ae]n",
        r"ages?|aged|old(er)?|young(er)?|births?|born|senior|juniors?|pension\w*|retire\w*",
        r"famil\w*|child(ren)?|marri\w*|marital|spouses?|husbands?|wi(fe|ves)|single|divorc\w*|widow\w*|households?",
        r"regions?\w*|cit(y|ies)|towns?|neighbou?r\w*|address\w*|hous\w*|buildings?|liv(es?|ing)|residen\w*",
        r"educat\w*|schools?|degrees?|diplomas?|universit\w*|occupations?|trades?|professions?|employers?|branch\w*",
        r"matern\w*|pregnan\w*|students?|unemploy\w*",
        r"health\w*|medic\w*|ill(ness)?|disab\w*|religi\w*|ethnic\w*|race|racial|national\w*|origins?|polit\w*|union",
        r"acquaint\w*|friends?|relatives|social|circle|weekdays?|hours?|sundays?|saturdays?",
    ),
}
"""Regular expressions by language code; every language has some."""
