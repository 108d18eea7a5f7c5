package dev.steward.web;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Cursor;
import dev.steward.base.FieldFault;
import dev.steward.base.StewardException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/// Reads the query of a list into a [PageRequest]; everything wrong with it is told at once.
final class PageArguments implements HandlerMethodArgumentResolver {

    /// Longer than any status, type or id that a list is filtered by.
    private static final int FILTER_LENGTH_MAX = 200;

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == PageRequest.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest web,
            @Nullable WebDataBinderFactory binders) {
        Listing listing = requireNonNull(parameter.getParameterAnnotation(Listing.class), "@Listing is missing");
        return read(request(web), listing);
    }

    static HttpServletRequest request(NativeWebRequest web) {
        return requireNonNull(web.getNativeRequest(HttpServletRequest.class), "an HTTP request");
    }

    private static PageRequest read(HttpServletRequest request, Listing listing) {
        List<FieldFault> faults = new ArrayList<>();
        int limit = limit(one(request, "limit", faults), faults);
        Optional<Cursor> cursor = one(request, "cursor", faults).map(Cursor::decode);
        String sort = one(request, "sort", faults).orElse(listing.sorts()[0]);
        String field = plain(sort);
        List<String> fields =
                Stream.of(listing.sorts()).map(PageArguments::plain).toList();
        if (!fields.contains(field)) {
            faults.add(new FieldFault(
                    "sort",
                    "one_of",
                    "must be one of " + String.join(", ", fields) + ", with a - before it to reverse"));
        }
        Map<String, String> filters = new LinkedHashMap<>();
        for (String name : listing.filters()) {
            one(request, name, faults).ifPresent(value -> filters.put(name, filter(name, value, faults)));
        }
        if (!faults.isEmpty()) {
            throw StewardException.invalid(faults);
        }
        return new PageRequest(limit, cursor, field, sort.startsWith("-"), filters);
    }

    private static Optional<String> one(HttpServletRequest request, String name, List<FieldFault> faults) {
        String[] values = request.getParameterValues(name);
        if (values != null && values.length > 1) {
            faults.add(new FieldFault(name, "once", "may be given once"));
        }
        return values == null ? Optional.empty() : Optional.of(values[0]);
    }

    private static int limit(Optional<String> text, List<FieldFault> faults) {
        if (text.isEmpty()) {
            return PageRequest.LIMIT_DEFAULT;
        }
        try {
            int limit = Integer.parseInt(text.orElseThrow());
            if (limit >= 1 && limit <= PageRequest.LIMIT_MAX) {
                return limit;
            }
        } catch (NumberFormatException _) {
            // Answered below, together with a number out of range.
        }
        faults.add(new FieldFault("limit", "range", "must be a whole number from 1 to " + PageRequest.LIMIT_MAX));
        return PageRequest.LIMIT_DEFAULT;
    }

    private static String filter(String name, String value, List<FieldFault> faults) {
        if (value.isEmpty()
                || value.length() > FILTER_LENGTH_MAX
                || value.chars().anyMatch(Character::isISOControl)) {
            faults.add(new FieldFault(name, "format", "must be 1 to " + FILTER_LENGTH_MAX + " printable characters"));
        }
        return value;
    }

    private static String plain(String sort) {
        return sort.startsWith("-") ? sort.substring(1) : sort;
    }
}
