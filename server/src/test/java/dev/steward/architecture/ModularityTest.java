package dev.steward.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.modulith.core.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.docs.Documenter;

/// The pictures of the rooms, drawn from the code. To draw them anew after a change that was meant:
/// `mvn -pl server test -Dtest=ModularityTest -Dpictures.write=true`.
class ModularityTest {

    private static final String BEGIN = "<!-- rooms: drawn by ModularityTest -->\n";
    private static final String END = "<!-- rooms: end -->";
    private static final Path PLANT_UML = Path.of("..", "docs", "internals", "modules.puml");
    private static final Path ARCHITECTURE = Path.of("..", "ARCHITECTURE.md");
    private static final String COMPONENT = "    Component(";
    private static final String ARROW = "Rel(";
    private static final boolean WRITE = Boolean.getBoolean("pictures.write");

    private static final ApplicationModules ROOMS = ApplicationModules.of("dev.steward", new DoNotIncludeTests());

    @TempDir
    private Path folder;

    /// Modulith's other rule, that types of sub-packages (`models.embedded`, `assistant.dialogue`) are closed to other
    /// rooms unless declared one by one, is not ours: the arrows between rooms are [ArchitectureTest]'s.
    @Test
    void roomsFormNoCycle() {
        assertThat(ROOMS.detectViolations().getMessages()).noneMatch(message -> message.contains("Cycle"));
    }

    @Test
    void theDetailedPictureShowsTheRoomsAsTheyAre() throws IOException {
        new Documenter(ROOMS, Documenter.Options.defaults().withOutputFolder(folder.toString()))
                .writeModulesAsPlantUml();
        String drawn = sorted(Files.readAllLines(folder.resolve("components.puml")));

        if (WRITE) {
            Files.createDirectories(PLANT_UML.getParent());
            Files.writeString(PLANT_UML, drawn);
        }
        assertThat(Files.readString(PLANT_UML)).as(advice(PLANT_UML)).isEqualTo(drawn);
    }

    @Test
    void thePictureInArchitectureShowsTheRoomsAsTheyAre() throws IOException {
        String page = Files.readString(ARCHITECTURE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        assertThat(end).as("the marks for the picture in " + ARCHITECTURE).isGreaterThanOrEqualTo(begin);
        String drawn = "```mermaid\n" + mermaid() + "```\n";

        if (WRITE) {
            Files.writeString(ARCHITECTURE, page.substring(0, begin) + drawn + page.substring(end));
        } else {
            assertThat(page.substring(begin, end)).as(advice(ARCHITECTURE)).isEqualTo(drawn);
        }
    }

    private static String advice(Path file) {
        return file + " is out of date: run this test once with -Dpictures.write=true";
    }

    /// Every arrow between rooms, less those to `base`, which all have, and those that a longer way also tells.
    private static String mermaid() {
        var lines = new TreeSet<String>();
        for (ApplicationModule room : ROOMS) {
            SortedSet<String> below = below(room);
            for (String target : below) {
                boolean told =
                        below.stream().filter(other -> !other.equals(target)).anyMatch(other -> reaches(other, target));
                if (!told && !target.equals("base")) {
                    lines.add("  " + room.getIdentifier() + " --> " + target + "\n");
                }
            }
        }
        return "flowchart TD\n" + String.join("", lines);
    }

    private static boolean reaches(String from, String to) {
        SortedSet<String> below =
                below(ROOMS.getModuleByName(from).orElseThrow(() -> new AssertionError("there is no room " + from)));
        return below.contains(to) || below.stream().anyMatch(next -> reaches(next, to));
    }

    private static SortedSet<String> below(ApplicationModule room) {
        return room.getDirectDependencies(ROOMS)
                .uniqueModules()
                .map(module -> module.getIdentifier().toString())
                .filter(name -> !name.equals(room.getIdentifier().toString()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The library draws in no fixed order.
    private static String sorted(List<String> lines) {
        var components =
                lines.stream().filter(l -> l.startsWith(COMPONENT)).sorted().iterator();
        var arrows = lines.stream().filter(l -> l.startsWith(ARROW)).sorted().iterator();
        return lines.stream()
                .map(line ->
                        line.startsWith(COMPONENT) ? components.next() : line.startsWith(ARROW) ? arrows.next() : line)
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
