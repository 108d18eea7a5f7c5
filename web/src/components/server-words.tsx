import { type MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react';
import type { Phrase, Wording } from '../lib/wording';

/** Everything that the server says by a code. `words.test.ts` finds what is missing here. */
export const PHRASES: Record<string, MessageDescriptor> = {
  // Why nothing is said yet.
  not_begun: msg({ message: 'The model has not begun to answer yet; it may be busy or being loaded. Steward goes on waiting.' }),
  reading: msg({ message: 'The model is reading what it was given: {percent, number} %.' }),

  // What happened.
  model_not_available: msg({ message: 'The chosen model is not available.' }),
  connection: msg({ message: 'The model server could not be reached.' }),
  timeout: msg({ message: 'The model did not answer in time.' }),
  overloaded: msg({ message: 'The model server has more requests than it can take.' }),
  backend_error: msg({ message: 'The model server reported an error of its own.' }),
  refused: msg({ message: 'The model server refused this request.' }),
  protocol: msg({ message: "The model server sent an answer that can't be read." }),
  breaker_open: msg({ message: 'The model server failed several times in a row and is being left alone for a moment.' }),
  no_backend: msg({ message: 'No language model is set up or reachable.' }),
  too_long: msg({ message: 'The answer grew past the length limit and was stopped.' }),
  prompt_too_long: msg({ message: 'The message is too long for this model to read in one piece.' }),
  no_model_for_hours: msg({ message: 'No language model could be reached for {hours, plural, one {# hour} other {# hours}}. Your question is kept in the conversation.' }),
  gave_up: msg({ message: 'Steward could not finish this answer, although it tried several times. Your question and what was said so far are kept, and the operator can see what happened.' }),
  nothing_asked: msg({ message: 'It has {characters, number} characters. Nothing was asked, so that no part of it is left unread.' }),

  // Whether anything is lost, and what Steward does.
  question_kept: msg({ message: 'Your question is kept.' }),
  question_and_part_kept: msg({ message: 'Your question and the part of the answer above are kept.' }),
  waiting_for_model: msg({ message: 'No language model can be reached now; your question is kept and will be answered as soon as one is back.' }),
  resumed: msg({ message: 'The answer was interrupted and goes on from where it was.' }),
  trying_again: msg({ message: 'Nothing is lost; Steward tries again by itself.' }),
  operator_told: msg({ message: 'Nothing that Steward can do by itself helped; the operator has been told.' }),

  // What a person can do.
  choose_or_install_model: msg({ message: 'Choose another model, or install this one with "steward model install" or at its server, then ask for the answer again.' }),
  change_message_or_model: msg({ message: 'Trying the same again would give the same, so Steward does not; change the message or choose another model.' }),
  configuration_wrong: msg({ message: 'Its entry in the configuration has to be corrected, which the operator has been told; choose another model until then.' }),
  ask_shorter: msg({ message: 'Ask for a shorter answer, or ask it to go on.' }),
  shorten_message: msg({ message: 'Shorten the message, split it into several, or choose a model with more room.' }),
  regenerate_later: msg({ message: 'Steward has tried as long as it may; ask for the answer again later or choose another model.' }),
  send_fewer_characters: msg({ message: 'Send about {characters, number} characters or fewer, split it into several messages, or choose a model with more room.' }),
  choose_more_room: msg({ message: 'Choose a model with more room.' }),
  start_model_server: msg({ message: 'Start a model server or install the built-in model, then ask for the answer again.' }),
  regenerate: msg({ message: 'Ask for the answer again to try anew.' }),

  // Which model server goes on, and why.
  answered_by: msg({ message: 'Answered by {backend}{where, select, remote { (outside of this network)} paid { (costs money)} remote_paid { (outside of this network, costs money)} other {}}.' }),
  continued_by: msg({ message: 'Continued by {backend}{where, select, remote { (outside of this network)} paid { (costs money)} remote_paid { (outside of this network, costs money)} other {}}.' }),
  asked_again: msg({ message: 'It was asked again and answered.' }),
  asked_again_goes_on: msg({ message: 'It was asked again; the answer goes on where it stopped.' }),
  backend_missed: msg({
    message:
      '{kind, select, model_not_available {{backend} does not have the model.} connection {{backend} could not be reached.} timeout {{backend} did not answer in time.} overloaded {{backend} has more to do than it can take.} refused {{backend} refused the request.} protocol {{backend} sent something that can not be read.} breaker_open {{backend} failed several times in a row and is left alone for a moment.} no_backend {{backend} is not set up.} too_long {{backend} sent more than any answer may have.} prompt_too_long {{backend} can not take in so much at once.} other {{backend} reported an error of its own.}}',
  }),

  // Why this agent.
  you_asked_for: msg({ message: 'you asked for {agent}' }),
  you_spoke_to: msg({ message: 'you spoke to {agent}' }),
  conversation_is_with: msg({ message: 'this conversation is with {agent}' }),
  goes_on: msg({ message: '{agent} goes on' }),
  no_specialist: msg({ message: 'no specialist is needed' }),
  judged_best: msg({ message: 'a model judged that it fits best' }),
  handed_over: msg({ message: '{agent} handed over, as you asked' }),
  code_in_message: msg({ message: 'there is code in the message' }),
  message_speaks_of: msg({ message: 'the message speaks of “{word}”' }),
  about_a_time: msg({ message: 'it is about a time, which Steward itself keeps' }),
  was_due: msg({ message: 'it was due' }),
};

/** Says what the server says in the reader's language; in the server's English where a phrase is not known here. */
export function useServerWords(): (said: Wording) => string {
  const { i18n } = useLingui();
  return ({ english, phrases }) => {
    const said = phrases.map((phrase: Phrase) => {
      const known = PHRASES[phrase.code];
      return known === undefined ? undefined : i18n._(known.id, phrase.values);
    });
    return said.length === 0 || said.includes(undefined) ? english : said.join(' ');
  };
}
