/// Who answers: seven agents as data, the rules that choose one, hand-over and consultation (CHAT-6, CHAT-7).
@NullMarked
package dev.steward.assistant.agents;

import org.jspecify.annotations.NullMarked;
