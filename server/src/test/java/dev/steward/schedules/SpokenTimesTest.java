package dev.steward.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.schedules.SpokenTimes.Question;
import dev.steward.schedules.SpokenTimes.Understood;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Said on a Saturday, 21 November 2026, at 15:00 in Berlin.
class SpokenTimesTest {

    private static final ZonedDateTime NOW =
            LocalDateTime.parse("2026-11-21T15:00").atZone(ZoneId.of("Europe/Berlin"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            remind me tomorrow at nine to call Anna                 | 2026-11-22T09:00 | call Anna
            Remind me to call Anna tomorrow at 9.                   | 2026-11-22T09:00 | call Anna
            please remind me at 9pm to lock the door                | 2026-11-21T21:00 | lock the door
            can you remind me in 20 minutes to take the pizza out?  | 2026-11-21T15:20 | take the pizza out
            remind me in an hour about the meeting at 5             | 2026-11-21T16:00 | the meeting at 5
            remind me in half an hour to stretch                    | 2026-11-21T15:30 | stretch
            remind me on the 3rd of May at 14:30 to pay rent        | 2027-05-03T14:30 | pay rent
            remind me on May 3rd, 2028 at 2:30 pm to pay rent       | 2028-05-03T14:30 | pay rent
            remind me on the 25th at noon to wrap presents          | 2026-11-25T12:00 | wrap presents
            remind me on Monday at half past eight to see Bob       | 2026-11-23T08:30 | see Bob
            remind me Monday at 10 to call Bob                      | 2026-11-23T10:00 | call Bob
            erinnere mich Montag um 10 an Bob                       | 2026-11-23T10:00 | Bob
            remind me tonight at 8 to water the plants              | 2026-11-21T20:00 | water the plants
            remind me at nine thirty tomorrow to go                 | 2026-11-22T09:30 | go
            remind me in 3 days at 10 to check the oven             | 2026-11-24T10:00 | check the oven
            remind me 2026-12-24 at 18:00 to light the tree         | 2026-12-24T18:00 | light the tree
            remind me tomorrow at quarter to nine about the bus     | 2026-11-22T08:45 | the bus
            reminder: dentist tomorrow at 10:15                     | 2026-11-22T10:15 | dentist
            Erinnere mich morgen um neun daran, Anna anzurufen      | 2026-11-22T09:00 | Anna anzurufen
            Erinnere mich bitte übermorgen um halb neun an den Bus  | 2026-11-23T08:30 | den Bus
            Kannst du mich morgen um 9 Uhr 30 an Anna erinnern?     | 2026-11-22T09:30 | Anna
            erinnere mich in 20 Minuten an die Pizza                | 2026-11-21T15:20 | die Pizza
            erinnere mich am 3. Mai um 14:30 an den Zahnarzt        | 2027-05-03T14:30 | den Zahnarzt
            erinnere mich am 24.12.2026 um 18 Uhr an den Baum       | 2026-12-24T18:00 | den Baum
            erinnere mich heute Abend um acht an die Blumen         | 2026-11-21T20:00 | die Blumen
            erinnere mich morgen früh um 7 an den Müll              | 2026-11-22T07:00 | den Müll
            erinnere mich am Montag um 8 an die Wäsche              | 2026-11-23T08:00 | die Wäsche
            Rappelle-moi demain à 9h d'appeler Anna                 | 2026-11-22T09:00 | appeler Anna
            rappelle-moi dans 20 minutes de sortir la pizza         | 2026-11-21T15:20 | sortir la pizza
            rappelle-moi le 3 mai à 14h30 de payer le loyer         | 2027-05-03T14:30 | payer le loyer
            rappelle-moi demain à neuf heures et demie de partir    | 2026-11-22T09:30 | partir
            rappelle-moi ce soir à 8h d'arroser les plantes         | 2026-11-21T20:00 | arroser les plantes
            peux-tu me rappeler lundi à 10 h de voir Paul           | 2026-11-23T10:00 | voir Paul
            Recuérdame mañana a las nueve llamar a Ana              | 2026-11-22T09:00 | llamar a Ana
            recuérdame en 20 minutos sacar la pizza                 | 2026-11-21T15:20 | sacar la pizza
            recuérdame el 3 de mayo a las 14:30 pagar el alquiler   | 2027-05-03T14:30 | pagar el alquiler
            recuérdame mañana a las 8 de la tarde regar             | 2026-11-22T20:00 | regar
            recuérdame pasado mañana a las nueve y media salir      | 2026-11-23T09:30 | salir
            """)
    void clearTimesAreRead(String said, String at, String text) {
        assertThat(understood(said)).isInstanceOfSatisfying(Understood.Ready.class, ready -> {
            assertThat(ready.timing().kind()).isEqualTo(Timing.Kind.ONCE);
            assertThat(ready.timing().starts()).isEqualTo(at);
            assertThat(ready.text()).isEqualTo(text);
            assertThat(ready.reminder()).isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            every weekday at 8 summarise my tasks              | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR | 2026-11-22T08:00 | false | summarise my tasks
            Summarise my tasks every weekday at 8              | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR | 2026-11-22T08:00 | false | Summarise my tasks
            remind me every Monday and Thursday at 7:30 to run | FREQ=WEEKLY;BYDAY=MO,TH          | 2026-11-22T07:30 | true  | run
            every day at 9pm remind me to stretch              | FREQ=DAILY                       | 2026-11-21T21:00 | true  | stretch
            remind me every 2 weeks at 10 to back up           | FREQ=WEEKLY;INTERVAL=2           | 2026-11-22T10:00 | true  | back up
            remind me every other day at 10 to swim            | FREQ=DAILY;INTERVAL=2            | 2026-11-22T10:00 | true  | swim
            remind me every 2 hours to drink                   | FREQ=HOURLY;INTERVAL=2           | 2026-11-21T17:00 | true  | drink
            remind me every month on the 15th at 12 to pay     | FREQ=MONTHLY;BYMONTHDAY=15       | 2026-11-22T12:00 | true  | pay
            remind me on the last Friday of the month at 16:00 to file | FREQ=MONTHLY;BYDAY=-1FR  | 2026-11-21T16:00 | true  | file
            Erinnere mich jeden Montag um 7 an den Müll        | FREQ=WEEKLY;BYDAY=MO             | 2026-11-22T07:00 | true  | den Müll
            jeden Werktag um 8 fasse meine Aufgaben zusammen   | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR | 2026-11-22T08:00 | false | fasse meine Aufgaben zusammen
            montags und donnerstags um 20 Uhr erinnere mich an den Sport | FREQ=WEEKLY;BYDAY=MO,TH | 2026-11-21T20:00 | true | den Sport
            rappelle-moi tous les jours à 21h de lire          | FREQ=DAILY                       | 2026-11-21T21:00 | true  | lire
            chaque lundi à 8h résume mes tâches                | FREQ=WEEKLY;BYDAY=MO             | 2026-11-22T08:00 | false | résume mes tâches
            recuérdame cada lunes a las 7 sacar la basura      | FREQ=WEEKLY;BYDAY=MO             | 2026-11-22T07:00 | true  | sacar la basura
            de lunes a viernes a las 8 resume mis tareas       | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR | 2026-11-22T08:00 | false | resume mis tareas
            """)
    void whatRecursIsRead(String said, String rule, String from, boolean reminder, String text) {
        assertThat(understood(said)).isInstanceOfSatisfying(Understood.Ready.class, ready -> {
            assertThat(ready.timing().expression()).isEqualTo(rule);
            assertThat(ready.timing().starts()).isEqualTo(from);
            assertThat(ready.reminder()).isEqualTo(reminder);
            assertThat(ready.text()).isEqualTo(text);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            remind me to call Anna                          | WHEN
            remind me tomorrow to call Anna                 | TIME
            remind me tomorrow morning to call Anna         | TIME
            remind me tomorrow at 5 to call Anna            | HALF
            remind me at 8 to call Anna                     | HALF_PASSED
            remind me on Saturday at 18:00 to call Anna     | WHICH_DAY
            remind me tomorrow at nine to call Anna at 17:00 | WHICH_TIME
            remind me today at 14:00 to call Anna           | PAST
            remind me on 3 May 2020 at 14:00 to call Anna   | PAST
            remind me on 30 February at 9 to call Anna      | NO_SUCH_DATE
            remind me tomorrow at 25:00 to call Anna        | NO_SUCH_TIME
            remind me tomorrow at 13 pm to call Anna        | NO_SUCH_TIME
            remind me tomorrow at 9:75 to call Anna         | NO_SUCH_TIME
            remind me tomorrow at 9 UTC to call Anna        | UNREAD
            remind me on 3/5 at 9 to call Anna              | UNREAD
            remind me every day at 8 until Friday to run    | UNREAD
            remind me every Monday at 8 and every Friday at 9 to run | UNREAD
            remind me in 2 hours and a half to run          | UNREAD
            remind me next week at 9 to call Anna           | UNREAD
            remind me on Christmas eve at six in the evening to sing | UNREAD
            erinnere mich nächste Woche um 9 an Anna        | UNREAD
            rappelle-moi la semaine prochaine à 9h de partir | UNREAD
            recuérdame la semana que viene a las 9 llamar   | UNREAD
            remind me tomorrow at 9                         | WHAT
            erinnere mich morgen                            | TIME
            erinnere mich am 31. Juni um 9 an Anna          | NO_SUCH_DATE
            rappelle-moi demain à 5h d'appeler              | HALF
            recuérdame a las 8 llamar                       | HALF_PASSED
            """)
    void whatIsNotClearIsAsked(String said, Question question) {
        assertThat(understood(said))
                .isInstanceOfSatisfying(
                        Understood.Ask.class, ask -> assertThat(ask.question()).isEqualTo(question));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "what does 'remind me tomorrow' mean?",
                "\"remind me tomorrow at 9 to call Anna\"",
                "'remind me tomorrow at 9 to call Anna' is what I said",
                "If I say remind me tomorrow at 9, what happens?",
                "She said: remind me tomorrow at 9",
                "How do I say “erinnere mich morgen um 9” in French?",
                "remind me what we decided yesterday",
                "Remind me how a B-tree works",
                "remind me when I get home",
                "erinnere mich, was wir morgen um 9 vorhaben",
                "rappelle-moi ce que tu as dit",
                "recuérdame cómo se llama",
                "Every day at 8 I go running",
                "every Monday at 9 the team meets, is that wise?",
                "Every weekday at 8 birds sing",
                "write a poem about how every Monday at 8 somebody wakes up",
                "jeden Montag um 7 gehe ich laufen",
                "chaque lundi à 8h je cours",
                "cada lunes a las 7 salgo a correr",
                "Hello",
                "tomorrow at nine",
            })
    void whatIsNoWishMakesNothing(String said) {
        assertThat(understood(said)).isInstanceOf(Understood.NotMine.class);
    }

    @Test
    void nextFridayInTheSameWeekIsAsked() {
        var monday = LocalDateTime.parse("2026-11-23T10:00").atZone(NOW.getZone());

        Understood asked = SpokenTimes.understand(List.of("remind me next Friday at 9 to call Anna"), monday);
        Understood answered =
                SpokenTimes.understand(List.of("remind me next Friday at 9 to call Anna", "4 December 2026"), monday);

        assertThat(asked)
                .isInstanceOfSatisfying(
                        Understood.Ask.class, ask -> assertThat(ask.question()).isEqualTo(Question.WHICH_DAY));
        assertThat(starts(answered)).isEqualTo("2026-12-04T09:00");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            remind me to call Anna               | tomorrow at 9    | 2026-11-22T09:00
            remind me tomorrow to call Anna      | nine             | 2026-11-22T09:00
            remind me tomorrow to call Anna      | at 17:30         | 2026-11-22T17:30
            remind me tomorrow at 5 to call Anna | 17:00            | 2026-11-22T17:00
            remind me tomorrow at 5 to call Anna | pm               | 2026-11-22T17:00
            remind me tomorrow at 5 to call Anna | in the morning   | 2026-11-22T05:00
            remind me at 8 to call Anna          | tomorrow         | 2026-11-22T08:00
            remind me at 8 to call Anna          | 20:00            | 2026-11-21T20:00
            remind me today at 14:00 to call     | tomorrow         | 2026-11-22T14:00
            erinnere mich morgen an Anna         | um neun          | 2026-11-22T09:00
            erinnere mich morgen an Anna         | 9                | 2026-11-22T09:00
            rappelle-moi demain de partir        | à 9h             | 2026-11-22T09:00
            recuérdame mañana llamar             | a las 9          | 2026-11-22T09:00
            """)
    void anAnswerFillsWhatIsMissing(String said, String answer, String at) {
        assertThat(starts(SpokenTimes.understand(List.of(said, answer), NOW))).isEqualTo(at);
    }

    @Test
    void somethingElseIsNoAnswer() {
        assertThat(SpokenTimes.understand(List.of("remind me to call Anna", "what is the capital of Peru?"), NOW))
                .isInstanceOf(Understood.NotMine.class);
    }

    @Test
    void aTimeFromNowIsAnInstantThroughTheHourThatComesTwice() {
        var first = ZonedDateTime.parse("2026-10-25T02:45+02:00[Europe/Berlin]");

        Understood said = SpokenTimes.understand(List.of("remind me in 30 minutes to look up"), first);

        assertThat(said)
                .isInstanceOfSatisfying(
                        Understood.Ready.class,
                        ready -> assertThat(new Occurrences(ready.timing())
                                        .next(first.toInstant())
                                        .map(Occurrence::at))
                                .contains(first.toInstant().plusSeconds(1800)));
    }

    private static Understood understood(String said) {
        return SpokenTimes.understand(List.of(said), NOW);
    }

    private static LocalDateTime starts(Understood understood) {
        assertThat(understood).isInstanceOf(Understood.Ready.class);
        return ((Understood.Ready) understood).timing().starts();
    }
}
