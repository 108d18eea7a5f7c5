package dev.steward.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/// Gives controller methods the [RequestId] and the [NewResourceId] of their request. The caller's
/// [dev.steward.base.Principal] is the request's own ([ApiRequest#getUserPrincipal]).
final class CallerArguments implements HandlerMethodArgumentResolver {

    private static final Set<Class<?>> TYPES = Set.of(RequestId.class, NewResourceId.class);

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return TYPES.contains(parameter.getParameterType());
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest web,
            @Nullable WebDataBinderFactory binders) {
        HttpServletRequest request = PageArguments.request(web);
        Class<?> type = parameter.getParameterType();
        if (type == RequestId.class) {
            return RequestContext.requestId(request);
        }
        return RequestContext.resourceId(request)
                .orElseThrow(() -> new IllegalStateException("only endpoints with Idempotency.KEY get an id"));
    }
}
