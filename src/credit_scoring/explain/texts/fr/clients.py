"""French: what clients read."""

from credit_scoring.scoring.scorer import Decision

FEATURES = {
    "bureau_worst_arrears_max": "montant d'impayé le plus élevé auprès d'un autre prêteur",
    "bureau_arrears_sum": "montant actuellement impayé auprès d'autres prêteurs",
    "bureau_debt_sum_active": "encours de crédit auprès d'autres prêteurs",
    "card_balance_latest": "dernier solde dû sur votre carte de crédit chez nous",
    "previous_left_to_pay_sum_running": (
        "montant restant à rembourser sur vos prêts en cours chez nous, selon leurs échéanciers initiaux"
    ),
    "previous_annuity_sum_running": "total des mensualités de vos prêts en cours chez nous",
    "app_amt_credit": "montant du prêt demandé",
    "app_amt_annuity": "mensualité du prêt demandé",
    "installments_shortfall_sum": "total des sommes manquantes sur les échéances dues chez nous",
    "cross_debt": "total des dettes connues",
    "installments_share_late": "part des échéances payées en retard",
    "installments_share_late_last_365_days": "part des échéances payées en retard au cours des 12 derniers mois",
    "installments_share_late_last_730_days": "part des échéances payées en retard au cours des 24 derniers mois",
    "installments_share_underpaid": "part des échéances payées partiellement",
    "pos_share_late": "part des mois avec un retard de paiement sur vos prêts chez nous",
    "pos_share_late_last_24_months": (
        "part des mois avec un retard de paiement sur vos prêts chez nous au cours des 24 derniers mois"
    ),
    "card_share_below_minimum": (
        "part des mois où le paiement sur votre carte de crédit est resté inférieur au minimum dû"
    ),
    "cross_left_to_pay_to_income": (
        "montant restant à rembourser sur vos prêts en cours chez nous, en proportion du revenu déclaré"
    ),
    "bureau_share_ever_in_arrears": (
        "part de vos crédits auprès d'autres prêteurs, à l'historique d'impayés connu, ayant connu un impayé"
    ),
    "bureau_balance_share_late": "part des mois avec un retard de paiement auprès d'autres prêteurs",
    "bureau_debt_to_credit": "part restant due de l'ensemble des montants empruntés auprès d'autres prêteurs",
    "bureau_debt_to_credit_active": "part restant due de vos crédits en cours auprès d'autres prêteurs",
    "bureau_card_limit_used": "part utilisée de vos plafonds de carte auprès d'autres prêteurs",
    "bureau_debt_share_mean_active": "part restant due d'un crédit en cours auprès d'un autre prêteur, en moyenne",
    "bureau_share_active": "part de vos crédits auprès d'autres prêteurs encore en cours",
    "card_utilisation_latest": "dernière utilisation du plafond de votre carte de crédit",
    "card_utilisation_mean": "utilisation moyenne du plafond de votre carte de crédit",
    "card_utilisation_max": "utilisation maximale du plafond de votre carte de crédit",
    "card_utilisation_mean_last_6_months": (
        "utilisation moyenne du plafond de votre carte de crédit au cours des 6 derniers mois"
    ),
    "card_utilisation_mean_last_12_months": (
        "utilisation moyenne du plafond de votre carte de crédit au cours des 12 derniers mois"
    ),
    "card_share_with_cash": "part des mois avec un retrait d'espèces par carte de crédit",
    "card_cash_share_of_drawn": "part des retraits d'espèces dans l'ensemble des utilisations de votre carte de crédit",
    "previous_share_refused": "part de vos demandes antérieures refusées chez nous",
    "app_annuity_to_income": "mensualité du prêt demandé, en proportion du revenu déclaré",
    "cross_all_annuities_to_income": "total des mensualités chez nous avec ce prêt, en proportion du revenu déclaré",
    "app_credit_to_goods_price": "prêt demandé, en proportion du prix d'achat",
    "cross_bureau_debt_to_income": "encours de crédit auprès d'autres prêteurs, en multiple du revenu déclaré",
    "app_credit_to_income": "prêt demandé, en multiple du revenu déclaré",
    "cross_debt_to_income": "total des dettes connues, en multiple du revenu déclaré",
    "cross_debt_with_loan_to_income": "total des dettes connues avec ce prêt, en multiple du revenu déclaré",
    "app_goods_price_to_income": "prix d'achat, en multiple du revenu déclaré",
    "cross_credit_to_previous_mean": "prêt demandé, en multiple du montant moyen de vos prêts antérieurs chez nous",
    "cross_annuity_to_previous_mean": (
        "mensualité du prêt demandé, en multiple de la mensualité moyenne de vos prêts antérieurs chez nous"
    ),
    "installments_days_late_max": "plus long retard de paiement d'une échéance",
    "installments_days_late_mean": "retard moyen de paiement des échéances",
    "installments_days_late_max_last_365_days": (
        "plus long retard de paiement d'une échéance au cours des 12 derniers mois"
    ),
    "pos_delay_max": "plus long retard de paiement sur un prêt chez nous",
    "card_delay_max": "plus long retard de paiement sur votre carte de crédit chez nous",
    "bureau_days_late_max": "plus long retard de paiement en cours auprès d'un autre prêteur",
    "pos_instalments_left_latest": "échéances restantes sur votre dernier prêt chez nous",
    "pos_loan_instalments_left_sum_loans_current": "échéances restantes sur vos prêts en cours chez nous",
    "bureau_count_ever_in_arrears": "nombre de crédits auprès d'autres prêteurs ayant connu un impayé",
    "bureau_balance_count_late": "nombre de mois avec un retard de paiement auprès d'autres prêteurs",
    "bureau_balance_count_late_last_12_months": (
        "nombre de mois avec un retard de paiement auprès d'autres prêteurs au cours des 12 derniers mois"
    ),
    "bureau_count_sold_or_bad": "nombre de crédits passés en perte ou cédés par d'autres prêteurs",
    "bureau_prolonged_sum": "nombre de prolongations de crédits auprès d'autres prêteurs",
    "bureau_count_active": "nombre de crédits en cours auprès d'autres prêteurs",
    "bureau_count_last_365_days": "nombre de crédits souscrits auprès d'autres prêteurs au cours des 12 derniers mois",
    "bureau_count_microloan": "nombre de microcrédits",
    "card_cash_drawings_mean": "nombre moyen de retraits d'espèces par mois avec votre carte de crédit",
    "previous_count_refused": "nombre de vos demandes antérieures refusées chez nous",
    "previous_count_refused_last_365_days": "nombre de vos demandes refusées chez nous au cours des 12 derniers mois",
    "previous_count_last_365_days": "nombre de vos demandes chez nous au cours des 12 derniers mois",
    "app_credit_to_annuity": "prêt demandé, exprimé en nombre de mensualités",
    "app_enquiry_count": "nombre de consultations de votre dossier de crédit au cours des 12 derniers mois",
    "app_enquiry_count_last_3_months": (
        "nombre de consultations de votre dossier de crédit au cours des 3 derniers mois"
    ),
    "app_amt_req_credit_bureau_year": "nombre de consultations de votre dossier de crédit il y a 3 à 12 mois",
    "app_amt_req_credit_bureau_qrt": "nombre de consultations de votre dossier de crédit il y a 1 à 3 mois",
    "app_implied_rate_min": "taux annuel le plus bas compatible avec le prêt demandé",
    "previous_interest_rate_mean_approved": "taux annuel moyen de vos prêts antérieurs chez nous",
    "app_own_car_age": "nombre d'années depuis la construction de votre voiture",
    "app_days_employed": "ancienneté dans votre emploi actuel",
    "app_amt_income_total": "revenu déclaré",
    "app_amt_goods_price": "prix d'achat",
    "app_goods_price_minus_credit": "prix d'achat moins le prêt demandé",
    "app_income_minus_annuity": "revenu déclaré diminué d'une mensualité",
    "installments_share_loans_never_late": "part de vos prêts chez nous jamais payés en retard",
    "pos_share_loans_completed": "part de vos prêts chez nous déjà remboursés",
    "previous_share_approved": "part de vos demandes antérieures acceptées chez nous",
    "previous_down_payment_share_mean_approved": (
        "apport moyen sur vos prêts antérieurs chez nous, en proportion du prêt"
    ),
    "installments_days_early_mean": "avance moyenne de paiement des échéances",
    "installments_loan_early_days_mean_latest": "avance moyenne de paiement des échéances de votre dernier prêt",
    "installments_count": "nombre d'échéances dues chez nous à ce jour",
    "installments_count_loans": "nombre de vos prêts chez nous ayant donné lieu à des échéances",
    "pos_count_loans_completed": "nombre de vos prêts chez nous déjà remboursés",
    "bureau_count_closed": "nombre de crédits clos auprès d'autres prêteurs",
    "bureau_days_since_start_max": "temps écoulé depuis votre premier crédit auprès d'un autre prêteur",
    "bureau_days_since_start_mean": "temps moyen écoulé depuis l'ouverture de vos crédits auprès d'autres prêteurs",
    "bureau_days_since_start_min": "temps écoulé depuis votre dernier crédit auprès d'un autre prêteur",
    "previous_days_since_decision_max": "temps écoulé depuis votre première demande chez nous",
    "previous_days_since_decision_min_refused": "temps écoulé depuis votre dernière demande refusée chez nous",
    "app_ext_source_1": "premier score de crédit externe, de 0 à 1",
    "app_ext_source_2": "deuxième score de crédit externe, de 0 à 1",
    "app_ext_source_3": "troisième score de crédit externe, de 0 à 1",
    "app_ext_source_mean": "moyenne de vos scores de crédit externes disponibles, de 0 à 1",
    "app_ext_source_min": "plus bas de vos scores de crédit externes disponibles, de 0 à 1",
}
ABOVE = "{feature}\N{NO-BREAK SPACE}: {value}, au-dessus de la valeur habituelle des clients acceptés ({typical})."
BELOW = "{feature}\N{NO-BREAK SPACE}: {value}, en dessous de la valeur habituelle des clients acceptés ({typical})."
UNKNOWN = {
    "bureau": "Le fichier des crédits ne recense aucun crédit souscrit par vous auprès d'un autre prêteur.",
    "bureau_balance": (
        "Le fichier des crédits ne contient aucun relevé mensuel de vos remboursements à d'autres prêteurs."
    ),
    "previous_application": "Nous n'avons trouvé aucune demande antérieure de votre part.",
    "installments_payments": "Nous ne disposons d'aucun historique d'échéances payées sur un prêt antérieur chez nous.",
    "POS_CASH_balance": "Nous ne disposons d'aucun relevé mensuel d'un prêt antérieur chez nous.",
    "credit_card_balance": "Nous n'avons trouvé aucun compte de carte de crédit à votre nom chez nous.",
    "external_scores": "Au moins un score de crédit externe n'est pas disponible pour vous.",
    "enquiries": "Le fichier des crédits n'indique pas entièrement combien de fois votre dossier a été consulté.",
}
NO_REASON = {
    Decision.REFUSED: "Aucune caractéristique de votre dossier ne peut être donnée à elle seule comme motif de cette "
    "décision\N{NO-BREAK SPACE}; un conseiller l'examinera avec vous.",
    Decision.ACCEPTED: "Dans son ensemble, votre dossier répond à nos critères d'acceptation.",
}
OFFER = "Le reste de votre dossier étant inchangé, nous pourrions accepter {terms}."
LOAN = (
    "un prêt de {credit} remboursé en {months} mensualités de {instalment} "
    "(montant total dû\N{NO-BREAK SPACE}: {payable}\N{NO-BREAK SPACE}; coût total du crédit\N{NO-BREAK SPACE}: {cost})"
)
PURCHASE = " pour un achat de {}"
DOWN_PAYMENT = ", avec un apport de {}"
AS_REQUESTED = "le prêt que vous avez demandé"
PAPERS = {
    "FLAG_DOCUMENT_3": ", à condition que vous fournissiez le document 3 de notre liste",
    "FLAG_DOCUMENT_8": ", à condition que vous fournissiez le document 8 de notre liste",
}
NO_OFFER = (
    "Nous n'avons trouvé aucun autre montant, aucune autre durée ni aucun autre achat que nous pourrions "
    "vous proposer aujourd'hui."
)
