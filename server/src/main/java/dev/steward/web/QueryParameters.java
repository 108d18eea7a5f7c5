package dev.steward.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;

/// Which query parameters a controller method knows.
final class QueryParameters {

    private static final ConcurrentHashMap<java.lang.reflect.Method, Set<String>> KNOWN = new ConcurrentHashMap<>();

    private QueryParameters() {}

    static Set<String> of(HandlerMethod method) {
        return KNOWN.computeIfAbsent(method.getMethod(), _ -> read(method));
    }

    /// The names in a query string, decoded, in order.
    static Set<String> namesIn(@org.jspecify.annotations.Nullable String query) {
        Set<String> names = new LinkedHashSet<>();
        for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            names.add(decoded(equals < 0 ? pair : pair.substring(0, equals)));
        }
        names.remove("");
        return names;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return text;
        }
    }

    private static Set<String> read(HandlerMethod method) {
        Set<String> names = new LinkedHashSet<>();
        for (MethodParameter parameter : method.getMethodParameters()) {
            RequestParam plain = parameter.getParameterAnnotation(RequestParam.class);
            if (plain != null) {
                parameter.initParameterNameDiscovery(new org.springframework.core.DefaultParameterNameDiscoverer());
                String name = plain.name().isEmpty() ? parameter.getParameterName() : plain.name();
                names.add(name == null ? "" : name);
            }
            Listing listing = parameter.getParameterAnnotation(Listing.class);
            if (listing != null) {
                names.addAll(List.of("limit", "cursor", "sort"));
                names.addAll(List.of(listing.filters()));
            }
        }
        return Set.copyOf(names);
    }
}
