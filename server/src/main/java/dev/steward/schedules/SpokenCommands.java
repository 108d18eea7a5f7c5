package dev.steward.schedules;

import dev.steward.base.Language;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What people say about reminders that are there: which there are, and that one shall not be. Only whole sentences
/// of these forms are commands; anything else is left to others.
final class SpokenCommands {

    private SpokenCommands() {}

    /// A command and the language it was said in.
    sealed interface Command {

        Language language();

        /// Tell what there is.
        record Show(Language language) implements Command {}

        /// Take back what was made by the message before.
        record CancelLast(Language language) implements Command {}

        /// Cancel the one that is about this.
        record CancelAbout(Language language, String what) implements Command {}
    }

    private record Forms(Language language, Pattern show, Pattern last, Pattern about) {

        Forms(Language language, String show, String last, String about) {
            this(language, whole(show), whole(last), whole(about));
        }

        private static Pattern whole(String regex) {
            return Pattern.compile("^(?:" + regex + ")[ .!?]*$");
        }
    }

    private static final List<Forms> ALL = List.of(
            new Forms(
                    Language.EN,
                    "(?:please )?(?:(?:what|which)(?: are)?(?: my)? (?:reminders|schedules)(?: and schedules)?"
                            + "(?: do i have| are there| are set)?"
                            + "|(?:show|list|tell)(?: me)?(?: all)?(?: of)? my (?:reminders|schedules)(?: and schedules)?)",
                    "(?:please )?(?:cancel|undo|delete|revoke)"
                            + "(?: (?:that|it|this|that (?:one|reminder|schedule)|the last (?:one|reminder|schedule)))?",
                    "(?:please )?(?:cancel|delete|remove|stop|end) (?:(?:my|the|that) (?:reminder|schedule)"
                            + "(?: (?:about|to|for|of|that))? (?<what>.+?)|(?:my|the|that) (?<what2>.+?) (?:reminder|schedule))"),
            new Forms(
                    Language.DE,
                    "(?:bitte )?(?:was sind meine erinnerungen|welche (?:erinnerungen|zeitplane) (?:habe ich|gibt es)"
                            + "|(?:zeige?|liste|nenne?)(?: mir)?(?: alle)?(?: meine)? (?:erinnerungen|zeitplane)(?: auf)?)",
                    "(?:bitte )?(?:brich das(?: wieder)? ab|nimm das(?: wieder)? zuruck|mach das(?: wieder)? ruckgangig"
                            + "|losche? das(?: wieder)?|storniere das|abbrechen|ruckgangig)",
                    "(?:bitte )?(?:(?:losche?|streiche?|storniere|beende|entferne) (?:die|meine|den|meinen)"
                            + " (?:erinnerung|zeitplan)(?: (?:an|fur|zu|uber|wegen))? (?<what>.+?)"
                            + "|brich (?:die|meine|den|meinen) (?:erinnerung|zeitplan)(?: (?:an|fur|zu|uber|wegen))?"
                            + " (?<what2>.+?) ab)"),
            new Forms(
                    Language.FR,
                    "quel(?:le)?s sont mes (?:rappels|planifications)|quels rappels ai-je"
                            + "|(?:montre|montre-moi|montrez-moi|liste|donne-moi)(?: tous)? (?:mes|les) (?:rappels|planifications)",
                    "(?:annule[zr]?|supprime[zr]?)(?: ca| cela|-le|-la)?",
                    "(?:annule[zr]?|supprime[zr]?|arrete[zr]?) (?:le|mon|la|ma) (?:rappel|planification)"
                            + "(?: (?:de|du|pour|sur|concernant|a propos de)| d'(?=\\w))? ?(?<what>.+?)"),
            new Forms(
                    Language.ES,
                    "(?:cuales son mis|que) (?:recordatorios|programaciones)(?: tengo| hay)?"
                            + "|(?:muestra|muestrame|lista|dime)(?: todos)? (?:mis|los) (?:recordatorios|programaciones)",
                    "(?:cancela|anula|borra|elimina)(?: eso| esto|lo)?|(?:cancelalo|anulalo|borralo)",
                    "(?:cancela|borra|elimina|anula|quita) (?:el|mi|la) (?:recordatorio|programacion)"
                            + "(?: (?:de|del|sobre|para|a))? (?<what>.+?)"));

    static Optional<Command> find(String message) {
        String text = message.strip();
        if (text.length() > SpokenTimes.LENGTH_MAX) {
            return Optional.empty();
        }
        String folded =
                SpokenTimes.fold(text).replace('¿', ' ').replace('¡', ' ').strip();
        for (Forms forms : ALL) {
            if (forms.show().matcher(folded).matches()) {
                return Optional.of(new Command.Show(forms.language()));
            }
            if (forms.last().matcher(folded).matches()) {
                return Optional.of(new Command.CancelLast(forms.language()));
            }
            Matcher about = forms.about().matcher(folded);
            if (about.matches()) {
                String what = about.group("what");
                if (what == null && about.namedGroups().containsKey("what2")) {
                    what = about.group("what2");
                }
                return Optional.of(new Command.CancelAbout(forms.language(), String.valueOf(what)));
            }
        }
        return Optional.empty();
    }
}
