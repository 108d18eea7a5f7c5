package dev.steward.gateway;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/// Every other address under `/v1`: not found, in the shape that clients of that API can read.
final class UnknownServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        OpenAiErrors.send(
                response,
                new StewardException(
                        ErrorCode.NOT_FOUND,
                        "Steward serves /v1/chat/completions, /v1/embeddings and /v1/models of the OpenAI API, and"
                                + " nothing at this address."));
    }
}
