package dev.steward.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads the configuration and finds everything that is wrong with it. Safe for use by many threads.
public final class ConfigLoader {

    /// The file's name when nobody names one.
    public static final String FILE_NAME = "steward.yaml";

    private final List<Section<?>> sections;
    private final Schema.Group schema;

    /// @param sections those of the rooms; `home` and `role` are added
    /// @throws IllegalStateException if a section can't be read: a component without [Setting], an unknown type
    public ConfigLoader(List<Section<?>> sections) {
        this.sections = Stream.concat(Stream.of(HomeSettings.SECTION, RoleSettings.SECTION), sections.stream())
                .toList();
        this.schema = Schema.of(this.sections);
    }

    /// A section's record when nobody sets anything.
    ///
    /// @throws IllegalStateException if the section can't do without a value
    public static <T extends Record> T defaults(Section<T> section) {
        List<ConfigFault> faults = new ArrayList<>();
        Path base = Path.of("").toAbsolutePath();
        Optional<T> record = new Binder(base, faults, new ArrayList<>()).section(section, new Node.Nothing("default"));
        return record.orElseThrow(() -> new IllegalStateException("no defaults: " + faults));
    }

    /// Reads everything. Does no more to the disk than read one file.
    public LoadResult load(ConfigSources sources) {
        List<ConfigFault> faults = new ArrayList<>();
        List<ResolvedSetting> settings = new ArrayList<>();
        Path base = sources.workingDirectory();
        var overlay = new Overlay(schema, base, faults);
        Optional<Path> file = file(sources);
        Node tree = file.map(f -> YamlReader.read(f, faults)).orElseGet(() -> new Node.Nothing("default"));
        tree = overlay.environment(tree, sources.environment());
        for (Map.Entry<String, ConfigSources.Flag> flag : sources.flags().entrySet()) {
            tree = overlay.flag(tree, flag.getKey(), flag.getValue());
        }
        var binder = new Binder(base, faults, settings);
        switch (tree) {
            case Node.Fields fields -> binder.refuseUnknown(schema, fields, "");
            case Node.Nothing _ -> {}
            case Node.Text _, Node.Items _ ->
                faults.add(new ConfigFault("", tree.where(), "must be keys with values, not " + Node.kind(tree)));
        }
        List<Record> records = new ArrayList<>();
        for (Section<?> section : sections) {
            binder.section(section, tree).ifPresent(records::add);
        }
        if (!faults.isEmpty()) {
            return new LoadResult.Refused(faults);
        }
        return new LoadResult.Loaded(new Configuration(home(records, sources), file, records, settings));
    }

    /// The reference page in Markdown, made from the settings' own words.
    public String referencePage() {
        return ReferencePage.of(schema);
    }

    private static Home home(List<Record> records, ConfigSources sources) {
        return records.stream()
                .filter(HomeSettings.class::isInstance)
                .map(HomeSettings.class::cast)
                .findFirst()
                .flatMap(HomeSettings::home)
                .map(Home::new)
                .orElseGet(() -> new Home(sources.platform().dataDirectory(sources.environment())));
    }

    /// The named file, whether it exists or not; else the first of the usual ones that exists.
    private static Optional<Path> file(ConfigSources sources) {
        if (sources.file().isPresent()) {
            return sources.file().map(sources.workingDirectory()::resolve);
        }
        Node tree = Overlay.homeOnly(sources, sources.workingDirectory());
        Optional<HomeSettings> home = new Binder(sources.workingDirectory(), new ArrayList<>(), new ArrayList<>())
                .section(HomeSettings.SECTION, tree);
        Path directory = home.flatMap(HomeSettings::home)
                .orElseGet(() -> sources.platform().dataDirectory(sources.environment()));
        return Stream.of(sources.workingDirectory(), directory)
                .map(d -> requireNonNull(d).resolve(FILE_NAME))
                .filter(Files::exists)
                .findFirst();
    }
}
