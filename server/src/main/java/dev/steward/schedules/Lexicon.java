package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Language;
import java.time.DayOfWeek;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The words for times of one language, as patterns over text in lower case without accents.
///
/// @param trigger    what begins a wish to be reminded
/// @param asking     what, right after that, makes it a question to be answered now
/// @param recurring  what begins something that recurs, at the start of a message
/// @param verb       first words of what can be done by itself
/// @param in         a duration from now; groups `n` and `unit`
/// @param half       half an hour from now
/// @param at         a time of day; groups `pre`, `h`, `m`, `post`
/// @param dayPart    the part of the day that a time is in; group 1 or 2 holds its word
/// @param late       the words of those parts that are after noon
/// @param every      a recurrence; groups `n`, `unit`, `days`, `nth`, `nthday`, `dom`
/// @param date       a day and a month; groups `d`, `month`, `y`, or a day alone, `d3`
/// @param weekday    a single day of the week; group `day`, and `next` where two of them can be meant
/// @param beyond     words about a recurrence that this grammar has no place for
/// @param otherDay   words for days that it has no place for either
/// @param hint       words that may be about a time
/// @param filler     what joins a wish to its object
/// @param bareHour   what is put before an answer that is nothing but a number
record Lexicon(
        Language language,
        Pattern trigger,
        Pattern asking,
        Pattern recurring,
        Pattern verb,
        Pattern in,
        Pattern half,
        Pattern at,
        Pattern dayPart,
        Pattern late,
        Pattern every,
        Pattern workdays,
        Pattern today,
        Pattern tomorrow,
        Pattern dayAfter,
        Pattern date,
        Pattern weekday,
        Pattern beyond,
        Pattern otherDay,
        Pattern hint,
        Pattern filler,
        String bareHour,
        Map<String, Integer> numbers,
        Map<String, String> units,
        Map<String, DayOfWeek> days,
        List<String> months,
        List<String> nths) {

    static final List<Lexicon> ALL = List.of(english(), german(), french(), spanish());

    static Lexicon of(Language language) {
        return ALL.stream().filter(l -> l.language == language).findFirst().orElseThrow();
    }

    private static Lexicon english() {
        Map<String, Integer> numbers = numbers("one two three four five six seven eight nine ten eleven twelve");
        numbers.putAll(Map.of("a", 1, "an", 1, "fifteen", 15, "twenty", 20, "thirty", 30, "forty", 40));
        numbers.putAll(Map.of("forty-five", 45, "fifty", 50));
        String n = "\\d{1,3}|" + alternatives(numbers.keySet());
        String days = "mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?";
        String months = "january|february|march|april|may|june|july|august|september|october|november|december";
        String minutes = "(?:ten|fifteen|twenty|thirty|forty-five|forty|fifty)\\b";
        return new Lexicon(
                Language.EN,
                p("^(?:(?:please|hey|hi|ok|steward|can you|could you|would you|will you)[ ,]+)*"
                        + "(?:please )?(?:remind me|set (?:me )?a reminder|reminder ?:)(?=\\W|$)"),
                p("^(?:what|how|why|who|whom|whose|where|which|whether|when|if)\\b"),
                p("^(?:please )?(?:every|each|daily|on weekdays)\\b"),
                p(
                        "^(?:please )?(?:summari[sz]e|tell|give|show|send|list|write|ask|check|report|read|create|find|look"
                                + "|suggest|prepare|draft|translate|explain|review|plan|compile|count|name|recommend|say|greet)\\b"),
                p("\\bin (?<n>" + n + ") (?<unit>minutes?|mins?|hours?|days?|weeks?)\\b"),
                p("\\bin half an hour\\b"),
                p(
                        "\\b(?:at|by) (?<pre>half past |quarter past |a quarter past |quarter to |a quarter to )?(?<h>\\d{1,2}(?!\\d)|"
                                + clock(numbers) + "|noon\\b|midnight\\b)(?:[:.](?<m>\\d{2})\\b)?(?: (?<mw>" + minutes
                                + "))?\\s*(?<post>a\\.?m\\b\\.?|p\\.?m\\b\\.?|o'clock\\b)?"
                                + "|\\b(?<h2>\\d{1,2})(?:[:.](?<m2>\\d{2}))?\\s*(?<post2>a\\.?m\\b\\.?|p\\.?m\\b\\.?|o'clock\\b)"
                                + "|\\b(?<h3>\\d{1,2}):(?<m3>\\d{2})\\b"),
                p("\\b(?:in the |this )?(morning|afternoon|evening)\\b|\\b(tonight|at night)\\b"),
                p("afternoon|evening|tonight|at night"),
                p("\\b(?:every|each) (?:(?<n>" + n + "|other) )?(?<unit>minutes?|hours?|days?|weeks?|months?)\\b"
                        + "(?: on the (?<dom>\\d{1,2})(?:st|nd|rd|th)?)?"
                        + "|\\b(?:every|each|on the) (?<nth>first|second|third|fourth|last) (?<nthday>" + days
                        + ")(?: (?:of|in) (?:the|each|every) month)"
                        + "|\\b(?:every|each) (?<days>(?:" + days + ")(?:(?:,? and |, )(?:every )?(?:" + days + "))*)"
                        + "|\\b(?<daily>daily)\\b"),
                p("\\b(?:every|each) (?:weekday|workday|working day|week day)s?\\b|\\bon weekdays\\b"),
                p("\\btoday\\b"),
                p("\\btomorrow\\b"),
                p("\\b(?:the )?day after tomorrow\\b"),
                p("\\b(?:on )?(?:the )?(?<d>\\d{1,2})(?:st|nd|rd|th)?(?: of)? (?<month>" + months
                        + ")\\b(?:,? (?<y>\\d{4})\\b)?"
                        + "|\\b(?:on )?(?<month2>" + months
                        + ") (?:the )?(?<d2>\\d{1,2})(?:st|nd|rd|th)?\\b(?:,? (?<y2>\\d{4})\\b)?"
                        + "|\\bon the (?<d3>\\d{1,2})(?:st|nd|rd|th)\\b"),
                p("\\b(?:on (?:the )?(?:coming )?|this |(?<next>(?:on )?next )|(?=(?:" + days + ") at ))(?<day>" + days
                        + ")\\b"),
                p("\\b(?:until|till|except|starting|beginning|but not|for the next|every)\\b"),
                p("\\b(?:week|month|year|weekend|christmas|xmas|easter|new year|halloween|thanksgiving|yesterday|"
                        + days + ")\\b"),
                p("\\b(?:next|week|month|year|morning|evening|night|noon|soon|later|after|before|day|weekend|christmas"
                        + "|easter|" + days + "|" + months + ")\\b"),
                p("^(?:to|about|that|of|for|and|please|me)\\b"),
                "at ",
                numbers,
                units("minute=MINUTELY min=MINUTELY hour=HOURLY day=DAILY week=WEEKLY month=MONTHLY"),
                days("monday tuesday wednesday thursday friday saturday sunday"),
                List.of(months.split("\\|", -1)),
                List.of("first", "second", "third", "fourth", "last"));
    }

    private static Lexicon german() {
        Map<String, Integer> numbers = numbers("eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf");
        numbers.putAll(Map.of("ein", 1, "eine", 1, "einer", 1, "einem", 1, "funfzehn", 15, "zwanzig", 20));
        numbers.putAll(Map.of("dreißig", 30, "dreissig", 30, "vierzig", 40, "funfundvierzig", 45, "funfzig", 50));
        String n = "\\d{1,3}|" + alternatives(numbers.keySet());
        String days = "montags?|dienstags?|mittwochs?|donnerstags?|freitags?|samstags?|sonnabends?|sonntags?";
        String each = "(?:montags|dienstags|mittwochs|donnerstags|freitags|samstags|sonntags)";
        String months = "januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember";
        String minutes = "(?:zehn|funfzehn|zwanzig|dreißig|dreissig|vierzig|funfundvierzig|funfzig)\\b";
        return new Lexicon(
                Language.DE,
                p(
                        "^(?:(?:bitte|hey|hallo|ok|steward)[ ,]+)*(?:(?:kannst|konntest|wurdest) du mich(?: bitte)?(?=.*\\berinnern\\b)"
                                + "|erinnere? (?:mich|uns)(?: bitte)?|erinnern sie mich(?: bitte)?|erinnerung ?:)(?=\\W|$)"),
                p("^(?:was|wie|warum|wieso|wer|wen|wem|wo|welche[rsnm]?|ob|wann|wenn|falls)\\b"),
                p("^(?:bitte )?(?:jede[nrs]?|an jedem|alle|taglich|werktags|" + each + ")\\b"),
                p(
                        "^(?:bitte )?(?:fasse?|sage?|gib|zeige?|liste|schreibe?|frage?|prufe?|berichte|lies|erstelle|mache?|suche?"
                                + "|schlage?|erzahle?|nenne?|ubersetze?|erklare?|plane?|schicke?|sende?|zahle?|wunsche?)\\b"),
                p("\\bin (?<n>" + n + ") (?<unit>minuten?|min|stunden?|tagen?|tag|wochen?)\\b"),
                p("\\bin einer halben stunde\\b"),
                p("\\bum (?<pre>halb |viertel nach |viertel vor |punkt )?(?<h>\\d{1,2}(?!\\d)|" + clock(numbers)
                        + "|mitternacht\\b)(?:[:.](?<m>\\d{2})\\b)?(?<post> uhr\\b)?(?: (?<mm>\\d{2})\\b| (?<mw>"
                        + minutes + "))?"
                        + "|\\b(?<h2>\\d{1,2})(?:[:.](?<m2>\\d{2}))? ?(?<post2>uhr)\\b(?: (?<mm2>\\d{2})\\b)?"
                        + "|\\b(?<h3>\\d{1,2}):(?<m3>\\d{2})\\b"
                        + "|\\b(?:am |zu )?(?<h4>mittag|mitternacht)\\b"),
                p("\\b(?:am |in der )?(morgens|am morgen|fruh|vormittags?|nachmittags?|abends?|nachts?)\\b"),
                p("nachmittags?|abends?"),
                p("\\b(?:jede[nrs]?|alle) (?:(?<n>" + n + ") )?(?<unit>minuten?|stunden?|tage?|wochen?|monate?)\\b"
                        + "(?: am (?<dom>\\d{1,2})\\.?)?"
                        + "|\\b(?:jeden|am) (?<nth>ersten|zweiten|dritten|vierten|letzten) (?<nthday>" + days
                        + ")(?: (?:im|des|jedes|jeden) monat(?:s|es)?)"
                        + "|\\b(?:jeden|an jedem) (?<days>(?:" + days + ")(?:(?: und |, )(?:jeden )?(?:" + days + "))*)"
                        + "|\\b(?<days2>" + each + "(?:(?: und |, )" + each + ")*)\\b"
                        + "|\\b(?<daily>taglich)\\b"),
                p(
                        "\\b(?:werktags|an werktagen|jeden werktag|an jedem werktag|jeden arbeitstag|an jedem arbeitstag)\\b"),
                p("\\bheute\\b"),
                p("\\bmorgen\\b"),
                p("\\bubermorgen\\b"),
                p("\\b(?:am )?(?<d>\\d{1,2})\\. ?(?<month>" + months + ")\\b(?: (?<y>\\d{4})\\b)?"
                        + "|\\b(?:am )?(?<d2>\\d{1,2})\\.(?<mn2>\\d{1,2})\\.(?<y2>\\d{4}\\b)?"
                        + "|\\bam (?<d3>\\d{1,2})\\.(?!\\d)"),
                p("\\b(?:am (?:kommenden )?|kommenden |diesen |(?<next>(?:am )?nachsten )|(?=(?:" + days
                        + ") um ))(?<day>" + days + ")\\b"),
                p("\\b(?:bis|außer|ausser|beginnend|ab|die nachsten|jede[nrs]?|alle)\\b"),
                p(
                        "\\b(?:woche|monat|monats|jahr|jahres|wochenende|weihnachten|heiligabend|ostern|silvester|neujahr|gestern|"
                                + days + ")\\b"),
                p("\\b(?:nachste[nrs]?|woche|wochen|monat|jahr|morgen|abend|nacht|mittag|bald|spater|nach|vor|tag|tage"
                        + "|wochenende|weihnachten|ostern|" + days + "|" + months + ")\\b"),
                p("^(?:daran|an|dass|daß|und|zu|bitte)(?=\\W|$)"),
                "um ",
                numbers,
                units("minute=MINUTELY minuten=MINUTELY min=MINUTELY stunde=HOURLY stunden=HOURLY tag=DAILY tage=DAILY"
                        + " tagen=DAILY woche=WEEKLY wochen=WEEKLY monat=MONTHLY monate=MONTHLY"),
                with(
                        days("montag dienstag mittwoch donnerstag freitag samstag sonntag"),
                        "sonnabend",
                        DayOfWeek.SATURDAY),
                List.of(months.split("\\|", -1)),
                List.of("ersten", "zweiten", "dritten", "vierten", "letzten"));
    }

    private static Lexicon french() {
        Map<String, Integer> numbers = numbers("une deux trois quatre cinq six sept huit neuf dix onze douze");
        numbers.putAll(Map.of("un", 1, "quinze", 15, "vingt", 20, "trente", 30, "quarante", 40, "cinquante", 50));
        String n = "\\d{1,3}|" + alternatives(numbers.keySet());
        String days = "lundis?|mardis?|mercredis?|jeudis?|vendredis?|samedis?|dimanches?";
        String months = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre";
        String minutes = "(?:dix|quinze|vingt|trente|quarante|cinquante)\\b";
        return new Lexicon(
                Language.FR,
                p(
                        "^(?:(?:s'il te plait|s'il vous plait|hey|ok|bonjour|steward)[ ,]+)*(?:rappelle-moi|rappelle moi|rappelez-moi"
                                + "|(?:peux-tu|pourrais-tu|pouvez-vous|pourriez-vous) me rappeler|rappel ?:)(?=\\W|$)"),
                p("^(?:ce que|ce qu'|comment|pourquoi|qui|ou|quand|quel(?:le)?s?|si|combien)(?=\\W|$)"),
                p("^(?:chaque|tous les|toutes les|en semaine)\\b"),
                p(
                        "^(?:resume[zr]?|dis|dites|donne[zr]?|montre[zr]?|envoie|envoyez|liste[zr]?|ecris|ecrivez|demande[zr]?"
                                + "|verifie[zr]?|lis|lisez|cree[zr]?|cherche[zr]?|propose[zr]?|prepare[zr]?|tradui[st]|explique[zr]?"
                                + "|planifie[zr]?|compte[zr]?|raconte[zr]?|fais|faites)\\b"),
                p("\\bdans (?<n>" + n + ") (?<unit>minutes?|min|heures?|jours?|semaines?)\\b"),
                p("\\bdans une demi-heure\\b"),
                p("\\ba (?<h>\\d{1,2}(?=\\D|$)|" + clock(numbers) + "|midi\\b|minuit\\b)"
                        + "(?: ?(?:heures?|h)(?=\\d|\\b)|:(?=\\d))? ?(?:(?<m>(?<=[h: s])\\d{2})\\b|(?<mw>" + minutes
                        + "))?"
                        + "(?<post> ?et demie?\\b| ?et quart\\b| ?moins le quart\\b)?"
                        + "|\\b(?<h3>\\d{1,2})[:h](?<m3>\\d{2})\\b"
                        + "|\\b(?<h2>\\d{1,2}) ?(?<post2>h|heures?)\\b"),
                p("\\b(?:du |ce |cet |de l'|l'|le )?(matin|apres-midi|soir)\\b"),
                p("apres-midi|soir"),
                p("\\b(?:chaque|tous les|toutes les) (?:(?<n>" + n
                        + ") )?(?<unit>minutes?|heures?|jours?|semaines?|mois)\\b(?! (?:de semaine|ouvrables?))"
                        + "(?: le (?<dom>\\d{1,2})\\b(?! ?[h:]))?"
                        + "|\\b(?:chaque|tous les|le) (?<nth>premiers?|deuxiemes?|troisiemes?|quatriemes?|derniers?) (?<nthday>"
                        + days + ")(?: (?:du|de chaque) mois)"
                        + "|\\b(?:chaque|tous les) (?<days>(?:" + days + ")(?:(?: et (?:les |chaque )?|, )(?:" + days
                        + "))*)"),
                p("\\b(?:en semaine|chaque jour ouvrable|tous les jours ouvrables|chaque jour de semaine"
                        + "|tous les jours de semaine)\\b"),
                p("\\baujourd'hui\\b"),
                p("\\bdemain\\b"),
                p("\\bapres-demain\\b"),
                p("\\b(?:le )?(?<d>\\d{1,2})(?:er)? (?<month>" + months + ")\\b(?: (?<y>\\d{4})\\b)?"
                        + "|\\b(?:le )?(?<d2>\\d{1,2})/(?<mn2>\\d{1,2})(?:/(?<y2>\\d{4}))?\\b"
                        + "|\\ble (?<d3>\\d{1,2})\\b(?! ?[h:])"),
                p("\\b(?:le |ce )?(?<day>" + days + ")\\b(?<next> prochain\\b)?"),
                p("\\b(?:jusqu'au?|sauf|excepte|a partir|pendant|chaque|tous les|toutes les)(?=\\W|$)"),
                p("\\b(?:semaine|mois|annee|week-end|noel|paques|nouvel an|hier|" + days + ")\\b"),
                p("\\b(?:prochaine?s?|semaine|mois|annee|an|matin|soir|nuit|midi|bientot|apres|avant|jour|week-end|noel"
                        + "|paques|" + days + "|" + months + ")\\b"),
                p("^(?:de|d'|que|qu'|et|a|au|du|:)(?=\\W|$|(?<='))"),
                "à ",
                numbers,
                units("minute=MINUTELY min=MINUTELY heure=HOURLY jour=DAILY semaine=WEEKLY mois=MONTHLY"),
                days("lundi mardi mercredi jeudi vendredi samedi dimanche"),
                List.of(months.split("\\|", -1)),
                List.of("premier", "deuxieme", "troisieme", "quatrieme", "dernier"));
    }

    private static Lexicon spanish() {
        Map<String, Integer> numbers = numbers("una dos tres cuatro cinco seis siete ocho nueve diez once doce");
        numbers.putAll(Map.of("un", 1, "quince", 15, "veinte", 20, "treinta", 30, "cuarenta", 40, "cincuenta", 50));
        String n = "\\d{1,3}|" + alternatives(numbers.keySet());
        String days = "lunes|martes|miercoles|jueves|viernes|sabados?|domingos?";
        String months = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre";
        String minutes = "(?:diez|quince|veinte|treinta|cuarenta|cincuenta)\\b";
        return new Lexicon(
                Language.ES,
                p("^(?:(?:por favor|oye|hola|ok|steward)[ ,]+)*(?:recuerdame|recuerdeme|avisame"
                        + "|(?:puedes|podrias|puede|podria) (?:recordarme|avisarme)|recordatorio ?:)(?=\\W|$)"),
                p(
                        "^(?:lo que|como|por que|quien(?:es)?|donde|cuando|cual(?:es)?|si|cuanto|que (?:es|era|dije|hicimos|significa))"
                                + "(?=\\W|$)"),
                p("^(?:cada|todos los|todas las|de lunes a viernes)\\b"),
                p(
                        "^(?:por favor,? )?(?:resume|resumeme|dime|di|dame|muestra|muestrame|envia|enviame|lista|escribe|pregunta"
                                + "|comprueba|revisa|lee|crea|busca|propon|prepara|traduce|explica|planifica|cuenta|haz)\\b"),
                p("\\b(?:en|dentro de) (?<n>" + n + ") (?<unit>minutos?|min|horas?|dias?|semanas?)\\b"),
                p("\\b(?:en|dentro de) media hora\\b"),
                p("\\ba (?:las? )(?<h>\\d{1,2}(?!\\d)|" + clock(numbers)
                        + ")(?:[:.](?<m>\\d{2})\\b)?(?: y (?<mw>" + minutes
                        + "))?(?<post> y media\\b| y cuarto\\b| menos cuarto\\b)?(?: horas?\\b)?"
                        + "|\\b(?:al |a )(?<h2>mediodia|medianoche)\\b"
                        + "|\\b(?<h3>\\d{1,2}):(?<m3>\\d{2})\\b"),
                p("\\b(?:de|por|en) la (manana|tarde|noche)\\b|\\besta (tarde|noche)\\b"),
                p("tarde|noche"),
                p("\\b(?:cada|todos los|todas las) (?:(?<n>" + n
                        + ") )?(?<unit>minutos?|horas?|dias?|semanas?|mes(?:es)?)\\b(?! laborables?)"
                        + "(?: el (?:dia )?(?<dom>\\d{1,2})\\b)?"
                        + "|\\b(?:cada|todos los|el) (?<nth>primer|segundo|tercer|cuarto|ultimo) (?<nthday>" + days
                        + ")(?: (?:del|de cada) mes)"
                        + "|\\b(?:cada|todos los) (?<days>(?:" + days + ")(?:(?: y (?:los |cada )?|, )(?:" + days
                        + "))*)"),
                p("\\b(?:de lunes a viernes|cada dia laborable|todos los dias laborables|entre semana)\\b"),
                p("\\bhoy\\b"),
                p("\\bmanana\\b"),
                p("\\bpasado manana\\b"),
                p("\\b(?:el )?(?<d>\\d{1,2}) de (?<month>" + months + ")\\b(?: (?:de |del )?(?<y>\\d{4})\\b)?"
                        + "|\\b(?:el )?(?<d2>\\d{1,2})/(?<mn2>\\d{1,2})(?:/(?<y2>\\d{4}))?\\b"
                        + "|\\bel (?:dia )?(?<d3>\\d{1,2})\\b(?! de )"),
                p("\\b(?:el |este |(?=(?:" + days + ") a las? ))(?<next>proximo )?(?<day>" + days + ")\\b"),
                p("\\b(?:hasta|excepto|salvo|a partir|empezando|durante|cada|todos los|todas las)\\b"),
                p("\\b(?:semana|mes|ano|navidad|nochebuena|pascua|ano nuevo|ayer|" + days + ")\\b"),
                p("\\b(?:proxim[oa]s?|semana|mes|ano|manana|tarde|noche|pronto|despues|antes|dia|fin de semana|navidad"
                        + "|pascua|" + days + "|" + months + ")\\b"),
                p("^(?:que|de|del|y|a|:)(?=\\W|$)"),
                "a las ",
                numbers,
                units("minuto=MINUTELY min=MINUTELY hora=HOURLY dia=DAILY semana=WEEKLY mes=MONTHLY mese=MONTHLY"),
                days("lunes martes miercoles jueves viernes sabado domingo"),
                List.of(months.split("\\|", -1)),
                List.of("primer", "segundo", "tercer", "cuarto", "ultimo"));
    }

    private static Pattern p(String regex) {
        return Pattern.compile(regex);
    }

    private static Map<String, Integer> numbers(String words) {
        Map<String, Integer> numbers = new HashMap<>();
        for (String word : words.split(" ", -1)) {
            numbers.put(word, numbers.size() + 1);
        }
        return numbers;
    }

    /// The words that can be an hour of the clock.
    private static String clock(Map<String, Integer> numbers) {
        return alternatives(numbers.entrySet().stream()
                .filter(e -> e.getValue() <= 12 && e.getKey().length() > 2)
                .map(Map.Entry::getKey)
                .toList());
    }

    /// Longest first, so that no word hides one that begins with it.
    private static String alternatives(Collection<String> words) {
        return String.join(
                "|",
                words.stream()
                        .sorted((a, b) -> b.length() - a.length())
                        .map(w -> w + "\\b")
                        .toList());
    }

    private static Map<String, String> units(String pairs) {
        Map<String, String> units = new HashMap<>();
        for (String pair : pairs.split(" ", -1)) {
            String[] both = pair.split("=", -1);
            units.put(both[0], both[1]);
        }
        return units;
    }

    private static Map<String, DayOfWeek> days(String words) {
        Map<String, DayOfWeek> days = new HashMap<>();
        for (String word : words.split(" ", -1)) {
            days.put(word, DayOfWeek.of(days.size() + 1));
        }
        return days;
    }

    private static Map<String, DayOfWeek> with(Map<String, DayOfWeek> days, String word, DayOfWeek day) {
        days.put(word, day);
        return days;
    }

    String unit(String word) {
        String unit = units.get(word);
        return unit != null ? unit : requireNonNull(units.get(word.replaceFirst("s$", "")), word);
    }

    DayOfWeek day(String word) {
        DayOfWeek day = days.get(word);
        return day != null ? day : requireNonNull(days.get(word.replaceFirst("s$", "")), word);
    }

    boolean isDay(String word) {
        return days.containsKey(word) || days.containsKey(word.replaceFirst("s$", ""));
    }

    /// 1 to 4, -1 for the last.
    int nth(String word) {
        for (int i = 0; i < nths.size(); i++) {
            if (word.startsWith(nths.get(i))) {
                return i == 4 ? -1 : i + 1;
            }
        }
        return 1;
    }

    int number(String word) {
        Integer known = numbers.get(word);
        return known != null ? known : Integer.parseInt(word);
    }
}
