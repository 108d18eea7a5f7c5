package dev.steward.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The arrows between rooms. A new one is a change to [#ALSO_ALLOWED], with its reason.
@AnalyzeClasses(packages = "dev.steward", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    /// From the ground up; a room sees the levels below its own.
    private static final List<Set<String>> LEVELS = List.of(
            Set.of("base"),
            Set.of("web", "database", "telemetry", "http", "resilience", "components", "secrets", "redis", "config"),
            Set.of("audit"),
            Set.of("conversations", "tasks", "models", "files", "identity", "flags"),
            // Schedules make tasks, and reminders speak in conversations.
            Set.of("memory", "actions", "alerts", "notifications", "schedules"),
            Set.of("assistant", "gateway", "recovery", "privacy", "operations"));

    /// Arrows between rooms of one level.
    private static final Map<String, Set<String>> ALSO_ALLOWED = Map.of(
            // Every platform room declares its settings and reports whether it works; web turns a lost
            // database into
            // 503.
            "web", Set.of("config", "components", "telemetry", "database", "resilience"),
            "database", Set.of("config", "components", "telemetry"),
            "telemetry", Set.of("config", "components"),
            "http", Set.of("config"),
            "resilience", Set.of("config", "components"),
            "secrets", Set.of("config"),
            "redis", Set.of("config"),
            // A model name of the OpenAI-compatible door may be an agent: steward/alpha.
            "gateway", Set.of("assistant"));

    private static final DescribedPredicate<JavaClass> CLI_NEEDS = DescribedPredicate.describe(
            "are the terminal's own, or of the wiring, base, config or libraries other than Spring",
            type -> !type.getPackageName().startsWith("org.springframework")
                    && (!type.getPackageName().startsWith("dev.steward")
                            || type.getPackageName().equals("dev.steward")
                            || Set.of("cli", "base", "config").contains(room(type))));

    @ArchTest
    static final ArchRule roomsFormNoCycle =
            slices().matching("dev.steward.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule baseDependsOnTheJdkOnly = classes()
            .that()
            .resideInAPackage("dev.steward.base..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.steward.base..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule arrowsPointDown = classes().that(resideInARoom()).should(dependOnlyOnRoomsBelow());

    /// It starts the server (the root), reads the configuration, and otherwise speaks HTTP.
    @ArchTest
    static final ArchRule cliSpeaksHttp = classes()
            .that()
            .resideInAPackage("dev.steward.cli..")
            .and()
            .doNotHaveFullyQualifiedName("dev.steward.cli.ModelCommand")
            .and(DescribedPredicate.not(JavaClass.Predicates.belongTo(DescribedPredicate.describe(
                    "ModelCommand", c -> c.getSimpleName().equals("ModelCommand")))))
            .should()
            .onlyDependOnClassesThat(CLI_NEEDS);

    /// `steward model` also works where no server runs, on the directory of the models itself.
    @ArchTest
    static final ArchRule onlyItsModelCommandLooksIntoModels = classes()
            .that()
            .haveFullyQualifiedName("dev.steward.cli.ModelCommand")
            .should()
            .onlyDependOnClassesThat(CLI_NEEDS.or(JavaClass.Predicates.resideInAnyPackage(
                    "dev.steward.models", "dev.steward.models.embedded", "dev.steward.http")));

    @ArchTest
    static final ArchRule timeIsInjected = noClasses()
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("time comes from an injected InstantSource");

    @ArchTest
    static final ArchRule onlyHttpOpensOutboundSockets = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.steward.http..", "dev.steward.cli..", "dev.steward.database..", "dev.steward.redis..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                    "java\\.net\\.(Socket|http\\.HttpClient)|java\\.nio\\.channels\\.SocketChannel|org\\.apache\\.hc\\..*");

    @ArchTest
    static final ArchRule sqlStaysInStores = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Store")
            .and()
            .haveSimpleNameNotEndingWith("Module")
            .and()
            .resideOutsideOfPackage("dev.steward.database..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.springframework.jdbc.core.simple.JdbcClient");

    private static DescribedPredicate<JavaClass> resideInARoom() {
        return DescribedPredicate.describe("reside in a room", c -> level(room(c)) >= 0);
    }

    private static ArchCondition<JavaClass> dependOnlyOnRoomsBelow() {
        return new ArchCondition<>("depend only on rooms below, or along listed arrows") {
            @Override
            public void check(JavaClass from, ConditionEvents events) {
                String room = room(from);
                from.getDirectDependenciesFromSelf().forEach(dependency -> {
                    String target = room(dependency.getTargetClass());
                    boolean ours = dependency.getTargetClass().getPackageName().startsWith("dev.steward");
                    if (!ours || target.equals(room)) {
                        return;
                    }
                    boolean allowed = (level(target) >= 0 && level(target) < level(room))
                            || ALSO_ALLOWED.getOrDefault(room, Set.of()).contains(target);
                    if (!allowed) {
                        events.add(SimpleConditionEvent.violated(from, dependency.getDescription()));
                    }
                });
            }
        };
    }

    private static int level(String room) {
        for (int i = 0; i < LEVELS.size(); i++) {
            if (LEVELS.get(i).contains(room)) {
                return i;
            }
        }
        return -1;
    }

    private static String room(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith("dev.steward.")) {
            return "";
        }
        String rest = name.substring("dev.steward.".length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }
}
