package dev.steward.web;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.http.server.PathContainer;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/// Which methods an address takes: those of the most specific pattern that matches it. Spring's own answer mixes in
/// those of wider patterns (`/dlq/{id}` for `/dlq/cleanup`). Thread-safe.
final class AllowedMethods {

    private final Supplier<RequestMappingHandlerMapping> mappings;

    /// @param mappings asked when a request comes: it is built after what uses this
    AllowedMethods(Supplier<RequestMappingHandlerMapping> mappings) {
        this.mappings = requireNonNull(mappings, "mappings");
    }

    Set<String> at(HttpServletRequest request) {
        PathContainer path = PathContainer.parsePath(request.getRequestURI());
        List<Map.Entry<PathPattern, RequestMappingInfo>> matches = mappings.get().getHandlerMethods().keySet().stream()
                .flatMap(info -> patterns(info)
                        .filter(pattern -> pattern.matches(path))
                        .map(pattern -> Map.entry(pattern, info)))
                .sorted(Map.Entry.comparingByKey())
                .toList();
        Set<String> methods = new TreeSet<>(Set.of("OPTIONS"));
        for (Map.Entry<PathPattern, RequestMappingInfo> match : matches) {
            if (match.getKey().equals(matches.getFirst().getKey())) {
                match.getValue().getMethodsCondition().getMethods().forEach(method -> methods.add(method.name()));
            }
        }
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }

    private static Stream<PathPattern> patterns(RequestMappingInfo info) {
        var condition = info.getPathPatternsCondition();
        return condition == null ? Stream.empty() : condition.getPatterns().stream();
    }
}
