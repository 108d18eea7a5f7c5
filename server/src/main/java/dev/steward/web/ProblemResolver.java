package dev.steward.web;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/// The only exception resolver: every failure inside Spring MVC becomes a problem document.
final class ProblemResolver implements HandlerExceptionResolver {

    private final ProblemWriter problems;
    private final AllowedMethods allowed;

    ProblemResolver(ProblemWriter problems, AllowedMethods allowed) {
        this.problems = requireNonNull(problems, "problems");
        this.allowed = requireNonNull(allowed, "allowed");
    }

    @Override
    public ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        try {
            problems.write(request, response, meant(request, failure));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ModelAndView();
    }

    /// `GET /dlq/cleanup` is no id that can't be read, it is a method that this address does not take.
    private Exception meant(HttpServletRequest request, Exception failure) {
        if (failure instanceof MethodArgumentTypeMismatchException) {
            Set<String> methods = allowed.at(request);
            if (!methods.contains(request.getMethod())) {
                return new HttpRequestMethodNotSupportedException(request.getMethod(), methods);
            }
        }
        return failure;
    }
}
