package dev.steward.gateway;

import dev.steward.models.AnswerEvent.Failover;
import dev.steward.models.ModelRef;
import java.util.List;
import java.util.Optional;

/// placeholder
final class PlainCalls {
    record Answered(byte[] body, Optional<ModelRef> by, List<Failover> failovers) {}
}
