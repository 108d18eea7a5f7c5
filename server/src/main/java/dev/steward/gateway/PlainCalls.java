package dev.steward.gateway;

import dev.steward.models.AnswerEvent.Failover;
import dev.steward.models.ModelRef;
import dev.steward.models.RawCall;
import dev.steward.base.Principal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;

/// placeholder
final class PlainCalls {
    Answered ask(RawCall call, Principal p, HttpServletRequest r) throws InterruptedException { throw new UnsupportedOperationException(); }
    record Answered(byte[] body, Optional<ModelRef> by, List<Failover> failovers) {}
}
