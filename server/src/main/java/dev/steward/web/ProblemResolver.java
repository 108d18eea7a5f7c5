package dev.steward.web;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/// The only exception resolver: every failure inside Spring MVC becomes a problem document.
final class ProblemResolver implements HandlerExceptionResolver {

    private final ProblemWriter problems;

    ProblemResolver(ProblemWriter problems) {
        this.problems = requireNonNull(problems, "problems");
    }

    @Override
    public ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        try {
            problems.write(request, response, failure);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ModelAndView();
    }
}
