<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
 <context>
  <name>attune</name>
  <message>
   <source> {rate}/min</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>! {wrong}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>! {wrong}. {cure}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>&amp;Pair</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>'{name}' is not known; known are: {known}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>+10 s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A code has 1 to 32 of the letters A-Z, a-z, digits, _ and -. Please use no names.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A small effort</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Arousal</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>BETWEEN</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Breathe along with the pacer: about five seconds in, five seconds out. Breathe gently, not deeply. Breathe as you like whenever it feels unpleasant.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Breathing</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>CLIENT</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Calibration of {code} · {protocol}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Close window</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Coming to rest</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Connecting to the engine.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Dashed: the level that would be kept. Shaded: one SD around it. A gap is time that was not used.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Disk nearly full: {minutes:.0f} min left. Free some space now; the session goes on.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Drag a stream, or select it with Tab and arrows and press 1 (client), 2 (therapist) or 0 (nobody). X swaps client and therapist.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Drag a stream, or select it with Tab and arrows and press 1 (client), 2 (therapist), {more} (others) or 0 (nobody). X swaps client and therapist.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>ECG</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>ECG, last 10 s, µV   ● R peak   × corrected</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>EDA</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>EDA phasic</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>EDA, last 60 s, µS   ● skin conductance response</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Engine gone: no values are shown. When it answers again, this window goes on by itself.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Every stream is given to somebody. To take one away, drag it here, or select it and press {key}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>First calibration</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>HR</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>How present do you feel? 0 far away, 10 fully here</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>How tense do you feel? 0 not at all, 10 the most</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Kept in notes.toml, not in the recording or exports. Return keeps it, Escape leaves it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Keys</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Let the task be over. Sit quietly for two minutes, then talk about something everyday again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>N free text</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>NA</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>NOT GIVEN TO ANYBODY</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Names by analogy to autonomic space (Berntson 1991); skin conductance is not cardiac drive. Windows: vagal index 30 s, skin conductance 60 s.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No stream found yet.

Switch the sensors on and start their bridge programs, here or on another computer of this network. Streams appear in this list by themselves.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No stream yet.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No stream yet. Drag one here, or select it and press {key}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No stream yet. Drag one here.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No streams found yet. Switch the sensors on and start their bridges.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Not noted yet; waiting for the engine.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Not noted: the engine does not answer.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Notes can be made while a session is recorded.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing to record yet: no stream was found.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Only if it suits today; otherwise skip this step. Count down from 300 in sevens, or think of a small recent annoyance. Rate your tension whenever you like: at 6 or more the task ends. You may stop at any time.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Opening of a session</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Ordinary talk</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>PARTICIPANT</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>PPG</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Pause</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Play</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Press a number from 0 to 9, or T for ten.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>RECORDING FAILS</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>RMSSD</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>RR intervals</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>RR intervals, last 60 s, ms   × corrected</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Recording can start all the same; what is not right is written into the recording.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Recording fails: {error}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Recording goes on without this window.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Research use. Describes bodily arousal relative to this person's own reference. Does not measure safety, emotion, dissociation or relationship quality. Does not diagnose.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Result: nothing is kept</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Result: what would be kept</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>SCL</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>SCR rate</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>SCR sum/min</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>SDNN</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Session ended. No values are shown any more.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Settling in</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sit as you will sit later and rest both hands.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sit as you will sit later and rest both hands. After a few minutes, take one deep breath and let it go, so that we can see whether the sensors respond.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sit quietly with your eyes open. There is nothing to do and nothing to achieve.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sitting quietly</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Slow breathing</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Somebody else has this code.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Start anyway</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Start recording</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Starting</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Stay</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Stop recording and save</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Stopping and saving the recording.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Streams found, waiting for their first data.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Swap client and therapist  (X)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>THERAPIST</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Tab goes from one control to the next; F1 or Esc closes this page.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Take the level anew from 60 to 120 quiet seconds within the range. The edges stay; it is noted.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Talk with each other about something everyday: the way here, a recipe, the weather.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Text at {clock}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Text to {clock} {what}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The engine cannot be reached: the recording was not stopped.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The engine could not be reached; please try again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The engine does not answer: no values are shown until it does.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The room file says whose the streams are. To change it, edit that file and start again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The therapist's side is hidden, and there is no other (H shows it).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>To add notes to a recording, open it with --author and your code.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Type a code first; then streams can be given to this person.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Warming up: the first values appear within a minute.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>about {lag} s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>above</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>above {edge}upper edge</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>accept</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>again</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>all sensors lost: {names}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>all steps are done</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>arousal index above the upper edge</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>arousal index above this person's {edge}upper edge</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>arousal index, last {minutes} min, SD from own reference</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>back 10 s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>back 60 s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>back: from the keys, a question, the full screen</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>band shows the last</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>band: show the last {minutes} minutes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>beat pattern unsuitable for this analysis</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>beat-to-beat intervals</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>beat-to-beat intervals of one person do not vary</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>beat-to-beat variability (lnRMSSD) higher than reference</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>beat-to-beat variability (lnRMSSD) lower than reference</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>beat-to-beat variability (lnRMSSD) near reference</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>before the start</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>begin</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>being checked</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>below</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>both breathe steadily at one rate, which alone makes hearts alike</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>both sensors lost: {names}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>breathe in …</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>breathe out …</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>breathing</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>breathing out of range: vagal index held</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>breathing{rate}: vagal index held</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>calibration expired</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>calibration expired: run attune calibrate {code} again</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>cardiac</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>changes appear about {seconds} s after they happen</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>checks not known: {reason}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>click or drag to go there</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>client</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>clock</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>clock not verified</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>close the window</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>closing the file</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>cloud: {minutes:.0f} valid min of the reference, 1 and 2 SD; cross: standard error, where known</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>co-activation</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>co-inhibition</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>code</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>code of {place}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>connected</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>contact</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>contact: {contacts}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>could be calm, tired, cold hands or electrode; please judge</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>declared / measured</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>delay</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>differences</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>dim the window, or make it bright again</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>dimmed (D)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>discard</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>disk {hours:.0f} h</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>disk {minutes:.0f} min</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>does not apply</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>electrode contact lost</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>end of the recording</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>engine does not answer</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>engine gone</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>enter</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>excursion ▶</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>faster</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>fewer than 20 segments</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>fine</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>flat signal</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>for the therapist's eyes only</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>free text</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>free text about this moment, key N</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>full screen, or a window again</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>gap in the data</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>gaps</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>given by the command line</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>given by the command line · {reason}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>given by the room file</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>given by the room file · {reason}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>given by you</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>given by you · {reason}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>glance view</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>go on</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>good</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>guessed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>guessed: {reason}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>heart rate</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>hidden (Shift+H shows)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>hide or show everything</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>hide or show the therapist's side</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>host</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>intervention</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>irregular</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>judge: {what}, key {key}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>judgement</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>judgements</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>keep above other windows, or no longer</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>key {key}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>keys of this window</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>larger text</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>last 5 min: {place}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>last note</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>last: {clock} {what}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>less than 1 s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>level has drifted by {drift} SD: a quiet minute to take the level anew may help</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>level taken: stop</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>level {level:.3g}, one SD from {low:.3g} to {high:.3g}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>light or dark</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>likely</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>line: z over the session so far, dashed while unsure · grey: what chance gives · hatched: no value</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>little change in the last 3 min</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>lnHF 60 s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>lnRMSSD</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>lnRMSSD 60 s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>longer time in the band</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>loss</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>lost</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>low EDA – check electrode and temperature</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>low activation (unspecific)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>measures</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>minutes of the session</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>more of this window</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>moved opposite ways more often than chance</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>moved the same way more often than chance</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>movement</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>near the {edge}lower edge</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>near the {edge}upper edge</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>next excursion</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>next note</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>no data</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>no data since {clock}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>no direction beyond chance</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>no gaps</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>no level could be taken</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>no longer above others</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>no place in the plane: {axis}: {reason}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>no reference cloud: the reference holds only one of the two axes, or none</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>no sensor found for this participant</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>no stream</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>no valid minutes so far</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>no value for the moment: {text}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>no value yet</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>no {signal} stream of {who}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>no {what} stream</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>not available</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>not available: {reason}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>not available: {text}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>not calibrated</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>not calibrated: run attune calibrate {code}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>not given to anybody</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>not recognised: recorded only</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>not recording</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>not right</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>not updated since {clock}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>not yet</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>not yet ({valid} of {needed} min)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>note</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>note {what}, key {key}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>note ▶</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>notes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>notes can be added after: attune replay … --author CODE</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>notes: {count}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>nothing differs so far</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>now</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>of {place} {code}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>ok</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>on 10 s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>on 60 s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>on hold</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>on hold since {clock}: no data from {who}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>on hold since {clock}: not renewed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>on hold: stream of {who} not verified</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>one sensor lost: {names}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>own note, see window.toml</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>pace of breathing</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>pair of people</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>participant</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>pause</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>paused</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>play or pause</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>please rate</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>position in the recording</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>prepared to {clock}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>presence</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>previous excursion</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>previous note</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>privacy</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>profile</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>profile shown</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>profile {number}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>progress of this step</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>provisional </source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>rate</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>rate not as declared</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>ready when you are</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>reciprocal activation</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>reciprocal calming</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>recognised: {reason}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>recorded only</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>recording</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>recording closed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>recording: not known while the engine is silent</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>redo</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>remembered from last time</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>remembered from last time · {reason}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>repair</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>replay</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>research view</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>resume</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>running</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>rupture</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>samples</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>sensor changed its range</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>sensor lost: {names}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>session ended</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>set of sensors changed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>set-up</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>shorter time in the band</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>shorter: =    longer: -</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>show the next profile compared</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>signal</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>signal at the limit of the sensor</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>signal does not vary</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>signal too noisy</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>silence</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>silent</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>similarity of {signal} so far: {place} what chance gives in this session (z {z}, {time})</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>skin conductance</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>skin conductance changes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>skin conductance higher than reference</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>skin conductance lower than reference</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>skin conductance near reference</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>skin conductance of one person does not vary</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>skin conductance, SD from own reference ↑</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>skip</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>slower</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>smaller text</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>speed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>speed of the replay</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>start recording (set-up)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>starting</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>state</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>stays above other windows (Ctrl+T)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>step {number} of {all}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>stop</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>stopped</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>stream</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>stream not verified</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>stream {title}, {what}, {whose}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>sure</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>table of streams</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>take level anew</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>take the newest note back</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>taking the level of the day</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>taking the level of the day from these minutes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>talking: vagal index held</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>temperature</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>tension</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>text of the usual size</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>text size {percent} %</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>the engine cannot be reached</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>the recording needs a look</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>the same signal was given for both</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>the zone needs some seconds to settle</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>therapist</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>therapist's side hidden (H)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>there is one screen only</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>time line: whole session</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>to the end</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>to the next screen</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>to the start</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>tolerable</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>too few beats in the window</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>too little</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>too little data so far</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>too many corrected beats</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>too much</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>undo</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>undo {what} {clock}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>unknown</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>unknown reason</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>unsure</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>unsure: {reason}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>vagal index</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>vagal index (lnRMSSD), SD from own reference →</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>view</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>waiting</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>waiting for data</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>waiting for enough valid signal</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>warming up</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>weak</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>what differs between the profiles</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>whose moment is judged</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>window</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>window of tolerance</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>within</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>within the calibrated range</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>within {share} % of {minutes} valid min</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>written note</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>z EDA</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>z heart</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>z vagal</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{alive}/{all} streams</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{clock} {what} noted</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{clock} {what} taken back</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{clock} {what}: text kept</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{code}, plane: {sentence}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{count} notes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{count} sensors lost: {names}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{device} · {host}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{edge}lower edge</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{edge}upper edge</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{elapsed} of {length}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{elapsed} of {length} · usable {valid}, needed at least {minimum}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{elapsed} of {length} · usable {valid}, needed at least {minimum} – enough</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{file} cannot be read: {error}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{file} cannot be written: {error}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{file}: {text}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{first} and {second}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{hours} h {minutes} min</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{kind}  {code}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{label} (shown)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{label}, {who}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{label}: {text}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{mark} {name}: {text}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{mark} {name}: {text}. {cure}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{minutes} min</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{minutes} min not available ({reasons})</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{minutes} min {seconds} s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{name} (clock not verified)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{name} (declared {declared} Hz, measured {measured} Hz)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{name} (no data since {clock})</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{name} (no data)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{name} {contact}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{name}: {state}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{place} chance (z {z}, {minutes} min)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{position} / {duration}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{reason} since {clock}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{reason}. Only the height is known: the hollow point stands for any place on its line.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{rows} more rows are not shown here</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{seconds} s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{signal}: not available</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{signal}: {above} of {pairs} pairs above chance; by chance alone {expected} are expected</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{signal}: {place} what chance gives in this session</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{signal}: {text}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{speed}×</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{text} for {time}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{text} – {more}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{text}, unsure</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{text}: {reason}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{title}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{title} [{unit}]</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{typed} of {most}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{valid} min</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{valid} of {needed} min</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{what} {value}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{what} · irregular, not measured yet</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{what} · irregular, {measured:.1f} a second measured</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{what} · {declared:g} Hz declared, not measured yet</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{what} · {declared:g} Hz declared, {measured:.1f} measured</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{what}, key Ctrl+Z</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{what}, {code}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{who}'s changes tended to come {lag} earlier ({minutes} min); not a causal statement</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{who}: {profile}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{who}: {state}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{who}: {valid}; above the upper edge {above} times, low activation {below} times; {missing}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{word}  ({key})</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>−10 s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>−{minutes} min</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>◀ excursion</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>◀ note</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>⚠ Recording fails: {error}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>✓ All checks are fine.</source>
   <translation type="unfinished" />
  </message>
 </context>
</TS>
