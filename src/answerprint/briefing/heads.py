"""How briefs head each thing, in six languages; and what stands where something will stand one day.

A word heads one field whatever language it is of: a brief mixes them ("Deadline" over German dates). Capitals and accents do not count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal, get_args

__all__ = ["EMPTY", "FIELDS", "HEADS", "KNOWN", "ONLY_DATES", "OPEN", "Field", "bare", "fields", "german"]

Field = Literal[
    "client", "agency", "product", "background", "audience", "aim", "message", "tone", "must-haves", "avoid", "mandatories", "deliverables", "people", "places", "look", "sound", "references",
    "budget", "dates", "approval",
]  # fmt: skip
FIELDS: tuple[Field, ...] = get_args(Field)

_ENGLISH: Mapping[Field, str] = {
    "client": "client|brand|advertiser|company|account|the client|client name|brand name|client brand|client and brand",
    "agency": "agency|creative agency|lead agency|production|production company",
    "product": "product|service|products|offer|product name|product service|the product|about the product|product description|what are we selling|what is it|what it is|subject|product truth|usp|features",
    "background": "background|context|situation|the problem|problem|challenge|the challenge|why are we doing this|why are we advertising|why now|overview|insight|consumer insight|market|summary|introduction|about the brand|business problem|brand background|project overview|overview of the project",
    "audience": "audience|target|target audience|target group|targets|who is it for|who are we talking to|who are we speaking to|who|consumer|customers|customer|viewer|for whom|demographic|audience and market",
    "aim": "aim|aims|objective|objectives|goal|goals|purpose|communication objective|what do we want people to do|what should people do|desired response|call to action|cta|task|the task|the ask|ask|what should it do|what do we want them to do",
    "message": "message|key message|main message|messages|key messages|proposition|single minded proposition|single-minded proposition|smp|the one thing|one thing|takeaway|key takeaway|key take-away|take-away|take away|what it has to say|what it must say|what must it say|what it needs to say|what it should say|what does it have to say|promise|claim|line|tagline|slogan|what do we want people to think|idea|the idea|core idea|reason to believe|reasons to believe|support|rtb|rtbs|rtb's",
    "tone": "tone|tone of voice|mood|personality|style and tone|tone and manner|tonality|voice|feeling|how should it feel|attitude",
    "must-haves": "must-haves|must haves|must have|must show|must be in it|what must be in it|requirements|required|needs|must-have|what we need to see|has to be in it|key features|content requirements|has to show|story points",
    "avoid": "avoid|to avoid|do not|do nots|don'ts|don’ts|donts|must nots|must not|must-nots|no gos|no-gos|what to avoid|please avoid|not wanted|exclusions|restrictions|what we do not want|what we don't want|watch-outs|watch outs|no",
    "mandatories": "mandatories|mandatory|mandatory elements|mandatory inclusions|legal|legals|legal line|legal lines|legal requirements|disclaimer|disclaimers|logo|end card|endcard|pack shot|packshot|brand guidelines|guidelines|brand assets|mandatory information|supers|rights and legal",
    "deliverables": "deliverables|formats|format|length|lengths|duration|durations|versions|assets|outputs|channels|media|where it runs|where will it run|media plan|placements|platforms|specs|specifications|cut-downs|cutdowns|aspect ratios|usage|languages|markets|territory|territories",
    "people": "cast|casting|talent|people|characters|character|protagonist|who is in it|on screen talent|performers",
    "places": "location|locations|setting|place|places|where|where does it happen|set",
    "look": "look|visual style|look and feel|style|art direction|cinematography|visuals|light|lighting|colour|color|colours|colors|visual|visual direction|camera",
    "sound": "sound|music|audio|voice-over|voice over|voiceover|vo|sound design|music and sound|sound and music",
    "references": "references|reference|inspiration|reference films|films we like|moodboard|mood board|links|examples|what we like|previous work",
    "budget": "budget|budgets|cost|costs|money|production budget|budget range|fee|financials|what is the budget|investment",
    "dates": "dates|date|timing|timings|schedule|timeline|deadline|deadlines|key dates|delivery date|delivery|when|calendar|milestones|timing plan|air date|on air|shoot date|shoot dates|launch|live date|production schedule|shoot|final delivery|first cut|kick-off|kickoff|pre-production meeting|ppm",
    "approval": "approval|approvals|contact|contacts|who decides|decision makers|decision maker|sign-off|sign off|stakeholders|approval process|who approves|team",
}  # fmt: skip
_GERMAN: Mapping[Field, str] = {
    "client": "kunde|auftraggeber|auftraggeberin|marke|kunde und marke|firma|unternehmen",
    "agency": "agentur|kreativagentur|werbeagentur|leadagentur|produktionsfirma|filmproduktion",
    "product": "produkt|produkte|dienstleistung|leistung|angebot|produktbeschreibung|das produkt|worum geht es|usp|produktvorteile|eigenschaften",
    "background": "hintergrund|ausgangslage|ausgangssituation|situation|kontext|anlass|problem|herausforderung|zusammenfassung|einleitung|insight|markt|marktumfeld|über die marke|über uns|projektbeschreibung",
    "audience": "zielgruppe|zielgruppen|zielpublikum|kernzielgruppe|für wen|wen wollen wir erreichen|an wen richtet sich der film|adressaten|zuschauer",
    "aim": "ziel|ziele|zielsetzung|kommunikationsziel|kommunikationsziele|aufgabe|aufgabenstellung|zweck|was soll der film erreichen|was wollen wir erreichen|handlungsaufforderung",
    "message": "botschaft|kernbotschaft|hauptbotschaft|botschaften|kernaussage|aussage|nutzenversprechen|versprechen|claim|slogan|leitidee|idee|proposition",
    "tone": "ton|tonalität|stimmung|tonfall|anmutung|stil und ton|tonalität und stimmung|gefühl|haltung",
    "must-haves": "muss|muss rein|muss enthalten|muss vorkommen|was muss rein|was muss vorkommen|was unbedingt rein muss|must-have|anforderungen|inhaltliche anforderungen|pflichtinhalte|unbedingt zeigen|zu zeigen|inhalte",
    "avoid": "vermeiden|zu vermeiden|tabus|tabu|nicht erwünscht|darf nicht|darf nicht vorkommen|ausgeschlossen|was wir nicht wollen|einschränkungen",
    "mandatories": "pflichtangaben|pflichtelemente|pflichten|vorgaben|ci-vorgaben|rechtliches|rechtliche hinweise|rechtliche vorgaben|pflichttexte|pflichthinweise|abbinder|markenrichtlinien|gestaltungsrichtlinien|disclaimer",
    "deliverables": "lieferumfang|lieferobjekte|umfang|formate|format|länge|längen|laufzeit|fassungen|versionen|kanäle|einsatz|einsatzkanäle|medien|auslieferung|ausspielung|mediaplan|nutzung|nutzungsrechte|sprachen|märkte|adaptionen",
    "people": "darsteller|besetzung|figuren|protagonisten|personen|menschen|schauspieler|mitwirkende",
    "places": "ort|orte|drehort|drehorte|motive|motiv|schauplatz|schauplätze|setting",
    "look": "bildsprache|optik|bildstil|visueller stil|gestaltung|licht|farben|farbwelt|kamera|visuelles",
    "sound": "musik|ton und musik|musik und ton|sprecher|sprecherin|off-stimme|off-text|klang|sounddesign|vertonung",
    "references": "referenzen|referenz|referenzfilme|vorbilder|beispiele|inspiration|moodboard|bisherige arbeiten",
    "budget": "budget|kosten|etat|kostenrahmen|budgetrahmen|produktionsbudget|finanzrahmen|finanzielles",
    "dates": "termine|termin|timing|zeitplan|zeitplanung|zeitrahmen|fristen|frist|deadline|meilensteine|drehtermin|drehtermine|drehtag|drehtage|dreh|abgabe|abgabetermin|ausstrahlung|sendetermin|sendestart|schaltung|veröffentlichung|kick-off|rohschnitt|start|kampagnenstart|datum|daten",
    "approval": "freigabe|freigaben|freigabeprozess|abnahme|ansprechpartner|ansprechpartnerin|ansprechpersonen|kontakt|kontakte|entscheider|wer entscheidet|wer gibt frei",
}  # fmt: skip
_FRENCH: Mapping[Field, str] = {
    "client": "client|annonceur|marque|entreprise|client et marque|nom du client",
    "agency": "agence|agence créative|maison de production|société de production",
    "product": "produit|produits|service|offre|le produit|description du produit|de quoi s'agit-il|bénéfices produit|avantages produit",
    "background": "contexte|situation|problème|problématique|enjeu|enjeux|défi|historique|introduction|résumé|marché|à propos de la marque|présentation",
    "audience": "cible|cibles|public|public cible|audience|cœur de cible|coeur de cible|à qui s'adresse le film|à qui parlons-nous|pour qui",
    "aim": "objectif|objectifs|but|mission|objectif de communication|objectifs de communication|que doit faire le spectateur|la demande|appel à l'action",
    "message": "message|message clé|messages clés|message principal|messages|promesse|idée|idée clé|accroche|signature|slogan|bénéfice",
    "tone": "ton|tonalité|ambiance|style et ton|ton et style|humeur|esprit|registre",
    "must-haves": "incontournables|à montrer|impératifs|les impératifs|indispensables|éléments indispensables|doit figurer|ce qu'il faut voir|ce qui doit figurer|exigences|contenu obligatoire|must-have",
    "avoid": "à éviter|éviter|interdits|à proscrire|ce qu'on ne veut pas|ce que nous ne voulons pas|tabous|restrictions",
    "mandatories": "mentions obligatoires|mentions légales|éléments obligatoires|obligations|obligatoire|contraintes légales|légal|logo|packshot|charte graphique|charte|contraintes",
    "deliverables": "livrables|livraison et formats|formats|format|durée|durées|versions|déclinaisons|supports|canaux|diffusion|médias|plan média|langues|marchés|droits|usages",
    "people": "casting|personnages|comédiens|acteurs|talents|protagonistes|distribution",
    "places": "lieu|lieux|décor|décors|lieu de tournage|lieux de tournage|repérages",
    "look": "look|style visuel|image|direction artistique|lumière|couleurs|esthétique|univers visuel|caméra",
    "sound": "son|musique|voix off|voix-off|son et musique|musique et son|bande son|habillage sonore",
    "references": "références|référence|inspirations|inspiration|exemples|films de référence|moodboard|liens",
    "budget": "budget|coût|coûts|enveloppe|enveloppe budgétaire|budget de production|moyens",
    "dates": "dates|date|calendrier|planning|délais|délai|échéances|échéance|échéancier|retroplanning|rétroplanning|tournage|date de tournage|dates de tournage|mise en ligne|date de diffusion|date de livraison|livraison|jalons|lancement|premier montage",
    "approval": "validation|validations|approbation|contacts|contact|interlocuteurs|interlocuteur|décideurs|qui décide|qui valide|circuit de validation|équipe",
}  # fmt: skip
_SPANISH: Mapping[Field, str] = {
    "client": "cliente|marca|anunciante|empresa|cliente y marca|nombre del cliente",
    "agency": "agencia|agencia creativa|productora",
    "product": "producto|productos|servicio|oferta|el producto|descripción del producto|qué es|beneficios del producto",
    "background": "antecedentes|contexto|situación|problema|reto|desafío|introducción|resumen|mercado|sobre la marca",
    "audience": "público|público objetivo|audiencia|target|a quién va dirigido|a quién nos dirigimos|para quién|grupo objetivo",
    "aim": "objetivo|objetivos|meta|finalidad|tarea|objetivo de comunicación|objetivos de comunicación|qué queremos conseguir|llamada a la acción",
    "message": "mensaje|mensaje clave|mensaje principal|mensajes|mensajes clave|promesa|propuesta|propuesta de valor|idea|claim|eslogan|lema",
    "tone": "tono|tono de voz|tono y estilo|estilo y tono|ambiente|estado de ánimo|personalidad",
    "must-haves": "imprescindibles|imprescindible|debe aparecer|qué debe aparecer|debe incluir|lo que debe verse|requisitos|elementos imprescindibles|contenido obligatorio|must-have",
    "avoid": "evitar|a evitar|qué evitar|prohibido|prohibiciones|lo que no queremos|no debe aparecer|restricciones",
    "mandatories": "obligatorios|elementos obligatorios|menciones legales|textos legales|aviso legal|legales|legal|obligaciones|manual de marca|guía de marca|cierre|logotipo",
    "deliverables": "entregables|formatos|formato|duración|duraciones|versiones|piezas|canales|medios|plan de medios|dónde se emite|idiomas|mercados|derechos|usos|adaptaciones",
    "people": "reparto|personajes|actores|talento|protagonistas|elenco",
    "places": "localización|localizaciones|lugar|lugares|escenario|escenarios|dónde ocurre",
    "look": "estilo visual|dirección de arte|luz|iluminación|colores|estética|imagen|cámara",
    "sound": "sonido|música|voz en off|locución|música y sonido|sonido y música",
    "references": "referencias|referencia|inspiración|ejemplos|películas de referencia|moodboard|enlaces",
    "budget": "presupuesto|costes|costos|coste|inversión|presupuesto de producción",
    "dates": "fechas|fecha|calendario|plazos|plazo|cronograma|planificación|rodaje|fecha de rodaje|fechas de rodaje|emisión|fecha de emisión|entrega|fecha de entrega|lanzamiento|primer montaje|hitos",
    "approval": "aprobación|aprobaciones|contacto|contactos|quién decide|quién aprueba|responsables|equipo|proceso de aprobación",
}  # fmt: skip
_ITALIAN: Mapping[Field, str] = {
    "client": "cliente|marchio|inserzionista|azienda|cliente e marchio|committente|nome del cliente",
    "agency": "agenzia|agenzia creativa|casa di produzione",
    "product": "prodotto|prodotti|servizio|offerta|il prodotto|descrizione del prodotto|cos'è|vantaggi del prodotto",
    "background": "contesto|scenario|premessa|situazione|problema|sfida|introduzione|sintesi|mercato|il marchio",
    "audience": "pubblico|pubblico di riferimento|destinatari|target|a chi ci rivolgiamo|a chi si rivolge|per chi",
    "aim": "obiettivo|obiettivi|scopo|finalità|compito|obiettivo di comunicazione|obiettivi di comunicazione|cosa vogliamo ottenere|la richiesta",
    "message": "messaggio|messaggio chiave|messaggio principale|messaggi|messaggi chiave|promessa|proposta|idea|claim|slogan",
    "tone": "tono|tono di voce|tono e stile|stile e tono|atmosfera|umore|personalità",
    "must-haves": "imprescindibili|indispensabili|irrinunciabili|deve esserci|cosa deve esserci|cosa si deve vedere|da mostrare|requisiti|elementi indispensabili|must-have",
    "avoid": "da evitare|evitare|cosa evitare|divieti|vietato|cosa non vogliamo|non deve esserci|restrizioni",
    "mandatories": "obbligatori|elementi obbligatori|obblighi|diciture legali|note legali|testi legali|aspetti legali|legale|linee guida|linee guida del marchio|cartello finale|logo",
    "deliverables": "consegne|materiali da consegnare|deliverable|formati|formato|durata|durate|versioni|canali|mezzi|media|piano media|lingue|mercati|diritti|usi|adattamenti",
    "people": "cast|personaggi|attori|interpreti|talenti|protagonisti",
    "places": "luogo|luoghi|location|ambientazione|dove si svolge|sopralluoghi",
    "look": "stile visivo|direzione artistica|luce|fotografia|colori|estetica|immagine|camera",
    "sound": "suono|musica|voce fuori campo|voce off|musica e suono|suono e musica|audio",
    "references": "riferimenti|riferimento|ispirazione|ispirazioni|esempi|film di riferimento|moodboard",
    "budget": "budget|costi|costo|spesa|investimento|budget di produzione",
    "dates": "date|data|calendario|tempi|tempistiche|scadenze|scadenza|pianificazione|riprese|date di riprese|messa in onda|in onda|consegna|data di consegna|lancio|primo montaggio|cronoprogramma",
    "approval": "approvazione|approvazioni|contatti|contatto|chi decide|chi approva|referenti|referente|responsabili",
}  # fmt: skip
_DUTCH: Mapping[Field, str] = {
    "client": "klant|opdrachtgever|merk|adverteerder|bedrijf|klant en merk",
    "agency": "bureau|reclamebureau|creatief bureau|productiehuis|productiebedrijf",
    "product": "product|producten|dienst|aanbod|het product|productomschrijving|waar gaat het om|producteigenschappen",
    "background": "achtergrond|aanleiding|situatie|context|probleem|uitdaging|inleiding|samenvatting|markt|over het merk",
    "audience": "doelgroep|doelgroepen|publiek|voor wie|wie willen we bereiken|kijker|tot wie richten we ons",
    "aim": "doel|doelen|doelstelling|doelstellingen|opdracht|communicatiedoel|wat willen we bereiken|de vraag",
    "message": "boodschap|kernboodschap|hoofdboodschap|boodschappen|belofte|propositie|idee|slogan|pay-off",
    "tone": "toon|tone of voice|toon en stijl|stijl en toon|sfeer|stemming|uitstraling|gevoel",
    "must-haves": "moet erin|wat moet erin|moet in beeld|wat we moeten zien|vereisten|eisen|onmisbaar|must-have",
    "avoid": "vermijden|te vermijden|wat we niet willen|niet gewenst|mag niet|taboes|beperkingen",
    "mandatories": "verplichte elementen|verplicht|verplichtingen|juridisch|wettelijke vermeldingen|wettelijke teksten|huisstijl|merkrichtlijnen|richtlijnen|afsluiter",
    "deliverables": "op te leveren|opleveringen|formaten|formaat|lengte|lengtes|duur|versies|kanalen|media|mediaplan|uitzending en kanalen|talen|markten|rechten|gebruik",
    "people": "cast|acteurs|personages|mensen|hoofdpersonen|rolverdeling",
    "places": "locatie|locaties|plaats|plek|draailocatie|draailocaties",
    "look": "beeldtaal|beeldstijl|visuele stijl|licht|kleuren|kleur|vormgeving|camera",
    "sound": "geluid|muziek|voice-over|stem|muziek en geluid|geluid en muziek",
    "references": "referenties|referentie|voorbeelden|inspiratie|moodboard|eerder werk",
    "budget": "budget|kosten|begroting|productiebudget",
    "dates": "data|datum|planning|tijdpad|tijdlijn|deadline|deadlines|termijnen|mijlpalen|opnamedag|opnamedagen|draaidag|draaidagen|uitzending|uitzenddatum|oplevering|opleverdatum|eerste montage|lancering",
    "approval": "goedkeuring|akkoord|contact|contactpersoon|contactpersonen|wie beslist|wie keurt goed|beslissers|team",
}  # fmt: skip
HEADS: Mapping[str, Mapping[Field, str]] = {"en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH, "es": _SPANISH, "it": _ITALIAN, "nl": _DUTCH}


def bare(head: str) -> str:
    """A head as it is looked up: small letters, no accents, one kind of apostrophe."""
    plain = unicodedata.normalize("NFKD", head.replace("’", "'")).casefold()
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


KNOWN: Mapping[str, Field] = {bare(head): field for heads in tuple(HEADS.values())[::-1] for field, words in heads.items() for head in words.split("|")}
#: Heads over dates that name none of them: "Shoot: 3 March" keeps its head, "Timing: 3 March" does not need it.
ONLY_DATES = frozenset(bare(one) for one in (
    "dates", "date", "timing", "timings", "schedule", "timeline", "key dates", "when", "milestones", "termine", "termin", "zeitplan", "zeitplanung", "zeitrahmen", "datum", "daten", "meilensteine", "calendrier", "planning",
    "délais", "échéances", "échéancier", "fechas", "fecha", "calendario", "plazos", "cronograma", "planificación", "data", "tempi", "tempistiche", "scadenze", "pianificazione", "tijdpad", "tijdlijn", "mijlpalen",
))  # fmt: skip
_ARTICLES = frozenset("the our your der die das den unser unsere eure le la les notre votre vos nos el los las nuestro nuestra il lo gli i nostro nostra de het onze ons jullie".split())
_NUMBER = re.compile(r"^\s*(?:(?:\d{1,2}|[a-z])(?:\.\d{1,2})*[.):]|§\s*\d+|\d{1,2}\s+[-–—])\s*", re.IGNORECASE)
_AND = re.compile(r"\s*(?:[/&,+]|\b(?:and|or|und|oder|et|ou|y|o|e|en|of)\b)\s*")
#: What stands where something will stand one day.
EMPTY = re.compile(
    r"[\s?.…–—-]*|(?:(?:is |are |ist |wird )?(?:still |noch |nog )?(?:tb[acd]|t\.b\.[acd]\.?|n/?a|open|unknown|none yet|to come|pending|to follow|to be (?:confirmed|decided|defined|discussed|announced|agreed)|not (?:yet )?(?:known|decided|confirmed|fixed)"
    r"|offen|folgt|unbekannt|zu klären|in klärung|wird nachgereicht|nicht bekannt|à (?:définir|confirmer|préciser|venir)|en attente|inconnu|por (?:definir|confirmar|determinar)|pendiente|a definir|da (?:definire|confermare|decidere)|in attesa|te bepalen|volgt|onbekend|n\.?t\.?b\.?"
    r"|xxx*|\[[^\]]*\]|<[^>]*>)[\s.!?…]*)+",
    re.IGNORECASE,
)

#: The same in the middle of a line: "30 s, 15 s, TBC for cinema". What is open in a sentence ("the open sea") is not meant: only what says so of itself.
OPEN = re.compile(
    r"\b(?:TB[ACD]|tb[acd]|T\.B\.[ACD]\.?|[Tt]o be (?:confirmed|decided|defined|agreed|announced)|not (?:yet )?(?:decided|confirmed|fixed)|noch (?:offen|zu klären)|wird nachgereicht|à (?:définir|confirmer|préciser)"
    r"|por (?:definir|confirmar|determinar)|da (?:definire|confermare|decidere)|(?:nader )?te bepalen)(?!\w)"
)


def fields(head: str) -> tuple[Field, ...]:
    """The fields that a head names: "Budget & Timing" names two. None where it names none, or a word of it is not known."""
    plain = _unnumbered(head)
    for one in (plain, _without_article(plain)):
        if one in KNOWN:
            return (KNOWN[one],)
    parts = [_without_article(part.strip()) for part in _AND.split(plain) if part.strip()]
    if len(parts) > 1 and all(part in KNOWN for part in parts):
        return tuple(dict.fromkeys(KNOWN[part] for part in parts))
    return ()


def german(head: str) -> bool:
    """Whether a head is German and no other language's: there every noun has a capital, and a capital names nobody."""
    plain = _unnumbered(head)
    return any(plain in map(bare, words.split("|")) for words in _GERMAN.values()) and not any(plain in map(bare, words.split("|")) for words in _ENGLISH.values())


def _unnumbered(head: str) -> str:
    plain = _NUMBER.sub("", bare(re.sub(r"\([^)]{0,400}\)", " ", head)))
    return " ".join(re.sub(r"[^\w'/&,+-]+", " ", plain).split()).strip(" -:")


def _without_article(text: str) -> str:
    first, _, rest = text.partition(" ")
    return rest if rest and first in _ARTICLES else text.removeprefix("l'").removeprefix("les ")
