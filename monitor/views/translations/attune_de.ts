<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
 <context>
  <name>attune</name>
  <message>
   <source> {rate}/min</source>
   <translation> {rate}/min</translation>
  </message>
  <message>
   <source>! {wrong}.</source>
   <translation>! {wrong}.</translation>
  </message>
  <message>
   <source>! {wrong}. {cure}</source>
   <translation>! {wrong}. {cure}</translation>
  </message>
  <message>
   <source>&amp;Pair</source>
   <translation>&amp;Paar</translation>
  </message>
  <message>
   <source>'{name}' is not known; known are: {known}</source>
   <translation>„{name}“ ist nicht bekannt; bekannt sind: {known}</translation>
  </message>
  <message>
   <source>+10 s</source>
   <translation>+10 s</translation>
  </message>
  <message>
   <source>A code has 1 to 32 of the letters A-Z, a-z, digits, _ and -. Please use no names.</source>
   <translation>Ein Kürzel hat 1 bis 32 Zeichen: A-Z, a-z, Ziffern, _ und -. Bitte keine Namen.</translation>
  </message>
  <message>
   <source>A small effort</source>
   <translation>Eine kleine Anstrengung</translation>
  </message>
  <message>
   <source>Arousal</source>
   <translation>Erregung</translation>
  </message>
  <message>
   <source>BETWEEN</source>
   <translation>ZWISCHEN BEIDEN</translation>
  </message>
  <message>
   <source>Breathe along with the pacer: about five seconds in, five seconds out. Breathe gently, not deeply. Breathe as you like whenever it feels unpleasant.</source>
   <translation>Atmen Sie mit der Anzeige: etwa fünf Sekunden ein, fünf Sekunden aus. Atmen Sie sanft, nicht tief. Atmen Sie, wie Sie mögen, sobald es unangenehm wird.</translation>
  </message>
  <message>
   <source>Breathing</source>
   <translation>Atmung</translation>
  </message>
  <message>
   <source>CLIENT</source>
   <translation>KLIENT·IN</translation>
  </message>
  <message>
   <source>Calibration of {code} · {protocol}</source>
   <translation>Kalibrierung von {code} · {protocol}</translation>
  </message>
  <message>
   <source>Close window</source>
   <translation>Fenster schließen</translation>
  </message>
  <message>
   <source>Coming to rest</source>
   <translation>Zur Ruhe kommen</translation>
  </message>
  <message>
   <source>Connecting to the engine.</source>
   <translation>Verbindung zum Messprogramm wird aufgebaut.</translation>
  </message>
  <message>
   <source>Dashed: the level that would be kept. Shaded: one SD around it. A gap is time that was not used.</source>
   <translation>Gestrichelt: das Niveau, das behalten würde. Getönt: eine SD darum. Eine Lücke ist Zeit, die nicht verwendet wurde.</translation>
  </message>
  <message>
   <source>Disk nearly full: {minutes:.0f} min left. Free some space now; the session goes on.</source>
   <translation>Datenträger fast voll: noch {minutes:.0f} min. Bitte jetzt Platz schaffen; die Sitzung läuft weiter.</translation>
  </message>
  <message>
   <source>Drag a stream, or select it with Tab and arrows and press 1 (client), 2 (therapist) or 0 (nobody). X swaps client and therapist.</source>
   <translation>Einen Datenstrom ziehen, oder mit Tab und Pfeilen wählen und 1 (Klient·in), 2 (Therapeut·in) oder 0 (niemand) drücken. X tauscht beide.</translation>
  </message>
  <message>
   <source>Drag a stream, or select it with Tab and arrows and press 1 (client), 2 (therapist), {more} (others) or 0 (nobody). X swaps client and therapist.</source>
   <translation>Einen Datenstrom ziehen, oder mit Tab und Pfeilen wählen und 1 (Klient·in), 2 (Therapeut·in), {more} (andere) oder 0 (niemand) drücken. X tauscht Klient·in und Therapeut·in.</translation>
  </message>
  <message>
   <source>ECG</source>
   <translation>EKG</translation>
  </message>
  <message>
   <source>ECG, last 10 s, µV   ● R peak   × corrected</source>
   <translation>EKG, letzte 10 s, µV   ● R-Zacke   × korrigiert</translation>
  </message>
  <message>
   <source>EDA</source>
   <translation>EDA</translation>
  </message>
  <message>
   <source>EDA phasic</source>
   <translation>EDA phasisch</translation>
  </message>
  <message>
   <source>EDA, last 60 s, µS   ● skin conductance response</source>
   <translation>EDA, letzte 60 s, µS   ● Hautleitwertreaktion</translation>
  </message>
  <message>
   <source>Engine gone: no values are shown. When it answers again, this window goes on by itself.</source>
   <translation>Das Messprogramm ist nicht mehr da: Es werden keine Werte gezeigt. Sobald es wieder antwortet, geht es hier von selbst weiter.</translation>
  </message>
  <message>
   <source>Every stream is given to somebody. To take one away, drag it here, or select it and press {key}.</source>
   <translation>Jeder Datenstrom ist zugeordnet. Um einen zu lösen, bitte hierher ziehen, oder wählen und {key} drücken.</translation>
  </message>
  <message>
   <source>First calibration</source>
   <translation>Erste Kalibrierung</translation>
  </message>
  <message>
   <source>HR</source>
   <translation>HR</translation>
  </message>
  <message>
   <source>How present do you feel? 0 far away, 10 fully here</source>
   <translation>Wie gegenwärtig fühlen Sie sich? 0 weit weg, 10 ganz da</translation>
  </message>
  <message>
   <source>How tense do you feel? 0 not at all, 10 the most</source>
   <translation>Wie angespannt fühlen Sie sich? 0 gar nicht, 10 am stärksten</translation>
  </message>
  <message>
   <source>Kept in notes.toml, not in the recording or exports. Return keeps it, Escape leaves it.</source>
   <translation>Steht in notes.toml, nicht in der Aufnahme und nicht in Exporten. Eingabe behält es, Escape verwirft es.</translation>
  </message>
  <message>
   <source>Keys</source>
   <translation>Tasten</translation>
  </message>
  <message>
   <source>Let the task be over. Sit quietly for two minutes, then talk about something everyday again.</source>
   <translation>Die Aufgabe ist vorbei. Sitzen Sie zwei Minuten ruhig, dann sprechen Sie wieder über etwas Alltägliches.</translation>
  </message>
  <message>
   <source>N free text</source>
   <translation>N freier Text</translation>
  </message>
  <message>
   <source>NA</source>
   <translation>n. v.</translation>
  </message>
  <message>
   <source>NOT GIVEN TO ANYBODY</source>
   <translation>NIEMANDEM ZUGEORDNET</translation>
  </message>
  <message>
   <source>Names by analogy to autonomic space (Berntson 1991); skin conductance is not cardiac drive. Windows: vagal index 30 s, skin conductance 60 s.</source>
   <translation>Bezeichnungen in Analogie zum autonomen Raum (Berntson 1991); der Hautleitwert ist kein Antrieb des Herzens. Fenster: vagaler Index 30 s, Hautleitwert 60 s.</translation>
  </message>
  <message>
   <source>No stream found yet.

Switch the sensors on and start their bridge programs, here or on another computer of this network. Streams appear in this list by themselves.</source>
   <translation>Noch kein Datenstrom gefunden.

Bitte die Sensoren einschalten und ihre Brückenprogramme starten, hier oder auf einem anderen Rechner dieses Netzes. Datenströme erscheinen von selbst in dieser Liste.</translation>
  </message>
  <message>
   <source>No stream yet.</source>
   <translation>Noch kein Datenstrom.</translation>
  </message>
  <message>
   <source>No stream yet. Drag one here, or select it and press {key}.</source>
   <translation>Noch kein Datenstrom. Bitte einen hierher ziehen, oder wählen und {key} drücken.</translation>
  </message>
  <message>
   <source>No stream yet. Drag one here.</source>
   <translation>Noch kein Datenstrom. Bitte einen hierher ziehen.</translation>
  </message>
  <message>
   <source>No streams found yet. Switch the sensors on and start their bridges.</source>
   <translation>Noch keine Datenströme gefunden. Bitte die Sensoren einschalten und ihre Brücken starten.</translation>
  </message>
  <message>
   <source>Not noted yet; waiting for the engine.</source>
   <translation>Noch nicht vermerkt; warte auf das Messprogramm.</translation>
  </message>
  <message>
   <source>Not noted: the engine does not answer.</source>
   <translation>Nicht vermerkt: Das Messprogramm antwortet nicht.</translation>
  </message>
  <message>
   <source>Notes can be made while a session is recorded.</source>
   <translation>Vermerke sind möglich, während eine Sitzung aufgenommen wird.</translation>
  </message>
  <message>
   <source>Nothing to record yet: no stream was found.</source>
   <translation>Noch nichts aufzunehmen: kein Datenstrom gefunden.</translation>
  </message>
  <message>
   <source>Only if it suits today; otherwise skip this step. Count down from 300 in sevens, or think of a small recent annoyance. Rate your tension whenever you like: at 6 or more the task ends. You may stop at any time.</source>
   <translation>Nur wenn es heute passt; sonst diesen Schritt auslassen. Zählen Sie von 300 in Siebenerschritten rückwärts, oder denken Sie an einen kleinen Ärger der letzten Zeit. Geben Sie Ihre Anspannung an, wann immer Sie mögen: ab 6 endet die Aufgabe. Sie dürfen jederzeit aufhören.</translation>
  </message>
  <message>
   <source>Opening of a session</source>
   <translation>Beginn einer Sitzung</translation>
  </message>
  <message>
   <source>Ordinary talk</source>
   <translation>Alltägliches Gespräch</translation>
  </message>
  <message>
   <source>PARTICIPANT</source>
   <translation>PERSON</translation>
  </message>
  <message>
   <source>PPG</source>
   <translation>PPG</translation>
  </message>
  <message>
   <source>Pause</source>
   <translation>Pause</translation>
  </message>
  <message>
   <source>Play</source>
   <translation>Abspielen</translation>
  </message>
  <message>
   <source>Press a number from 0 to 9, or T for ten.</source>
   <translation>Bitte eine Zahl von 0 bis 9 drücken, oder T für zehn.</translation>
  </message>
  <message>
   <source>RECORDING FAILS</source>
   <translation>AUFNAHME SCHLÄGT FEHL</translation>
  </message>
  <message>
   <source>RMSSD</source>
   <translation>RMSSD</translation>
  </message>
  <message>
   <source>RR intervals</source>
   <translation>RR-Abstände</translation>
  </message>
  <message>
   <source>RR intervals, last 60 s, ms   × corrected</source>
   <translation>RR-Abstände, letzte 60 s, ms   × korrigiert</translation>
  </message>
  <message>
   <source>Recording can start all the same; what is not right is written into the recording.</source>
   <translation>Die Aufnahme kann trotzdem beginnen; was nicht stimmt, wird in der Aufnahme vermerkt.</translation>
  </message>
  <message>
   <source>Recording fails: {error}</source>
   <translation>Aufnahme schlägt fehl: {error}</translation>
  </message>
  <message>
   <source>Recording goes on without this window.</source>
   <translation>Die Aufnahme läuft ohne dieses Fenster weiter.</translation>
  </message>
  <message>
   <source>Research use. Describes bodily arousal relative to this person's own reference. Does not measure safety, emotion, dissociation or relationship quality. Does not diagnose.</source>
   <translation>Nur für die Forschung. Beschreibt körperliche Erregung im Verhältnis zur eigenen Referenz dieser Person. Misst weder Sicherheit noch Gefühle, Dissoziation oder die Qualität der Beziehung. Stellt keine Diagnose.</translation>
  </message>
  <message>
   <source>Result: nothing is kept</source>
   <translation>Ergebnis: nichts wird behalten</translation>
  </message>
  <message>
   <source>Result: what would be kept</source>
   <translation>Ergebnis: was behalten würde</translation>
  </message>
  <message>
   <source>SCL</source>
   <translation>SCL</translation>
  </message>
  <message>
   <source>SCR rate</source>
   <translation>SCR-Rate</translation>
  </message>
  <message>
   <source>SCR sum/min</source>
   <translation>SCR-Sum./min</translation>
  </message>
  <message>
   <source>SDNN</source>
   <translation>SDNN</translation>
  </message>
  <message>
   <source>Session ended. No values are shown any more.</source>
   <translation>Sitzung beendet. Es werden keine Werte mehr gezeigt.</translation>
  </message>
  <message>
   <source>Settling in</source>
   <translation>Ankommen</translation>
  </message>
  <message>
   <source>Sit as you will sit later and rest both hands.</source>
   <translation>Setzen Sie sich so, wie Sie später sitzen werden, und legen Sie beide Hände ab.</translation>
  </message>
  <message>
   <source>Sit as you will sit later and rest both hands. After a few minutes, take one deep breath and let it go, so that we can see whether the sensors respond.</source>
   <translation>Setzen Sie sich so, wie Sie später sitzen werden, und legen Sie beide Hände ab. Atmen Sie nach einigen Minuten einmal tief ein und aus, damit zu sehen ist, ob die Sensoren antworten.</translation>
  </message>
  <message>
   <source>Sit quietly with your eyes open. There is nothing to do and nothing to achieve.</source>
   <translation>Sitzen Sie ruhig mit offenen Augen. Es gibt nichts zu tun und nichts zu erreichen.</translation>
  </message>
  <message>
   <source>Sitting quietly</source>
   <translation>Ruhig sitzen</translation>
  </message>
  <message>
   <source>Slow breathing</source>
   <translation>Langsames Atmen</translation>
  </message>
  <message>
   <source>Somebody else has this code.</source>
   <translation>Dieses Kürzel hat schon jemand.</translation>
  </message>
  <message>
   <source>Start anyway</source>
   <translation>Trotzdem beginnen</translation>
  </message>
  <message>
   <source>Start recording</source>
   <translation>Aufnahme beginnen</translation>
  </message>
  <message>
   <source>Starting</source>
   <translation>Beginnt</translation>
  </message>
  <message>
   <source>Stay</source>
   <translation>Bleiben</translation>
  </message>
  <message>
   <source>Stop recording and save</source>
   <translation>Aufnahme beenden und speichern</translation>
  </message>
  <message>
   <source>Stopping and saving the recording.</source>
   <translation>Aufnahme wird beendet und gespeichert.</translation>
  </message>
  <message>
   <source>Streams found, waiting for their first data.</source>
   <translation>Datenströme gefunden, warte auf ihre ersten Daten.</translation>
  </message>
  <message>
   <source>Swap client and therapist  (X)</source>
   <translation>Klient·in und Therapeut·in tauschen  (X)</translation>
  </message>
  <message>
   <source>THERAPIST</source>
   <translation>THERAPEUT·IN</translation>
  </message>
  <message>
   <source>Tab goes from one control to the next; F1 or Esc closes this page.</source>
   <translation>Tab führt von einem Bedienelement zum nächsten; F1 oder Esc schließt diese Seite.</translation>
  </message>
  <message>
   <source>Take the level anew from 60 to 120 quiet seconds within the range. The edges stay; it is noted.</source>
   <translation>Das Niveau aus 60 bis 120 ruhigen Sekunden im Bereich neu nehmen. Die Ränder bleiben; es wird vermerkt.</translation>
  </message>
  <message>
   <source>Talk with each other about something everyday: the way here, a recipe, the weather.</source>
   <translation>Sprechen Sie miteinander über etwas Alltägliches: den Weg hierher, ein Rezept, das Wetter.</translation>
  </message>
  <message>
   <source>Text at {clock}</source>
   <translation>Text bei {clock}</translation>
  </message>
  <message>
   <source>Text to {clock} {what}</source>
   <translation>Text zu {clock} {what}</translation>
  </message>
  <message>
   <source>The engine cannot be reached: the recording was not stopped.</source>
   <translation>Das Messprogramm ist nicht erreichbar: Die Aufnahme wurde nicht beendet.</translation>
  </message>
  <message>
   <source>The engine could not be reached; please try again.</source>
   <translation>Das Messprogramm war nicht erreichbar; bitte noch einmal versuchen.</translation>
  </message>
  <message>
   <source>The engine does not answer: no values are shown until it does.</source>
   <translation>Das Messprogramm antwortet nicht: Bis dahin werden keine Werte gezeigt.</translation>
  </message>
  <message>
   <source>The room file says whose the streams are. To change it, edit that file and start again.</source>
   <translation>Die Raumdatei sagt, wem die Datenströme gehören. Zum Ändern bitte die Datei bearbeiten und neu beginnen.</translation>
  </message>
  <message>
   <source>The therapist's side is hidden, and there is no other (H shows it).</source>
   <translation>Die Seite der Therapeutin oder des Therapeuten ist verborgen, und es gibt keine andere (H zeigt sie).</translation>
  </message>
  <message>
   <source>To add notes to a recording, open it with --author and your code.</source>
   <translation>Um einer Aufnahme Vermerke hinzuzufügen, bitte mit --author und eigenem Kürzel öffnen.</translation>
  </message>
  <message>
   <source>Type a code first; then streams can be given to this person.</source>
   <translation>Bitte zuerst ein Kürzel eingeben; dann können dieser Person Datenströme zugeordnet werden.</translation>
  </message>
  <message>
   <source>Warming up: the first values appear within a minute.</source>
   <translation>Anlauf: Die ersten Werte erscheinen innerhalb einer Minute.</translation>
  </message>
  <message>
   <source>about {lag} s</source>
   <translation>etwa {lag} s</translation>
  </message>
  <message>
   <source>above</source>
   <translation>über dem Bereich</translation>
  </message>
  <message>
   <source>above {edge}upper edge</source>
   <translation>über dem {edge}oberen Rand</translation>
  </message>
  <message>
   <source>accept</source>
   <translation>annehmen</translation>
  </message>
  <message>
   <source>again</source>
   <translation>noch einmal</translation>
  </message>
  <message>
   <source>all sensors lost: {names}</source>
   <translation>alle Sensoren verloren: {names}</translation>
  </message>
  <message>
   <source>all steps are done</source>
   <translation>alle Schritte sind getan</translation>
  </message>
  <message>
   <source>arousal index above the upper edge</source>
   <translation>Erregungsindex über dem oberen Rand</translation>
  </message>
  <message>
   <source>arousal index above this person's {edge}upper edge</source>
   <translation>Erregungsindex über dem {edge}oberen Rand dieser Person</translation>
  </message>
  <message>
   <source>arousal index, last {minutes} min, SD from own reference</source>
   <translation>Erregungsindex, letzte {minutes} min, SD von der eigenen Referenz</translation>
  </message>
  <message>
   <source>back 10 s</source>
   <translation>10 s zurück</translation>
  </message>
  <message>
   <source>back 60 s</source>
   <translation>60 s zurück</translation>
  </message>
  <message>
   <source>back: from the keys, a question, the full screen</source>
   <translation>zurück: von den Tasten, einer Frage, dem Vollbild</translation>
  </message>
  <message>
   <source>band shows the last</source>
   <translation>das Band zeigt die letzten</translation>
  </message>
  <message>
   <source>band: show the last {minutes} minutes</source>
   <translation>Band: die letzten {minutes} Minuten zeigen</translation>
  </message>
  <message>
   <source>beat pattern unsuitable for this analysis</source>
   <translation>Schlagfolge für diese Auswertung ungeeignet</translation>
  </message>
  <message>
   <source>beat-to-beat intervals</source>
   <translation>Herzschlagabstände</translation>
  </message>
  <message>
   <source>beat-to-beat intervals of one person do not vary</source>
   <translation>Herzschlagabstände einer Person ändern sich nicht</translation>
  </message>
  <message>
   <source>beat-to-beat variability (lnRMSSD) higher than reference</source>
   <translation>Schlag-zu-Schlag-Variabilität (lnRMSSD) höher als in der Referenz</translation>
  </message>
  <message>
   <source>beat-to-beat variability (lnRMSSD) lower than reference</source>
   <translation>Schlag-zu-Schlag-Variabilität (lnRMSSD) niedriger als in der Referenz</translation>
  </message>
  <message>
   <source>beat-to-beat variability (lnRMSSD) near reference</source>
   <translation>Schlag-zu-Schlag-Variabilität (lnRMSSD) nahe der Referenz</translation>
  </message>
  <message>
   <source>before the start</source>
   <translation>vor dem Beginn</translation>
  </message>
  <message>
   <source>begin</source>
   <translation>beginnen</translation>
  </message>
  <message>
   <source>being checked</source>
   <translation>wird geprüft</translation>
  </message>
  <message>
   <source>below</source>
   <translation>unter dem Bereich</translation>
  </message>
  <message>
   <source>both breathe steadily at one rate, which alone makes hearts alike</source>
   <translation>beide atmen gleichmäßig im selben Takt, was allein schon die Herzen ähnlich macht</translation>
  </message>
  <message>
   <source>both sensors lost: {names}</source>
   <translation>beide Sensoren verloren: {names}</translation>
  </message>
  <message>
   <source>breathe in …</source>
   <translation>einatmen …</translation>
  </message>
  <message>
   <source>breathe out …</source>
   <translation>ausatmen …</translation>
  </message>
  <message>
   <source>breathing</source>
   <translation>Atmung</translation>
  </message>
  <message>
   <source>breathing out of range: vagal index held</source>
   <translation>Atmung außerhalb des Bereichs: vagaler Index angehalten</translation>
  </message>
  <message>
   <source>breathing{rate}: vagal index held</source>
   <translation>Atmung{rate}: vagaler Index angehalten</translation>
  </message>
  <message>
   <source>calibration expired</source>
   <translation>Kalibrierung abgelaufen</translation>
  </message>
  <message>
   <source>calibration expired: run attune calibrate {code} again</source>
   <translation>Kalibrierung abgelaufen: bitte attune calibrate {code} erneut ausführen</translation>
  </message>
  <message>
   <source>cardiac</source>
   <translation>Herz</translation>
  </message>
  <message>
   <source>changes appear about {seconds} s after they happen</source>
   <translation>Änderungen erscheinen etwa {seconds} s, nachdem sie geschehen</translation>
  </message>
  <message>
   <source>checks not known: {reason}</source>
   <translation>Prüfungen nicht bekannt: {reason}</translation>
  </message>
  <message>
   <source>click or drag to go there</source>
   <translation>Klicken oder Ziehen führt dorthin</translation>
  </message>
  <message>
   <source>client</source>
   <translation>Klient·in</translation>
  </message>
  <message>
   <source>clock</source>
   <translation>Uhr</translation>
  </message>
  <message>
   <source>clock not verified</source>
   <translation>Uhr nicht geprüft</translation>
  </message>
  <message>
   <source>close the window</source>
   <translation>Fenster schließen</translation>
  </message>
  <message>
   <source>closing the file</source>
   <translation>Datei wird geschlossen</translation>
  </message>
  <message>
   <source>cloud: {minutes:.0f} valid min of the reference, 1 and 2 SD; cross: standard error, where known</source>
   <translation>Wolke: {minutes:.0f} gültige min der Referenz, 1 und 2 SD; Kreuz: Standardfehler, wo bekannt</translation>
  </message>
  <message>
   <source>co-activation</source>
   <translation>Koaktivierung</translation>
  </message>
  <message>
   <source>co-inhibition</source>
   <translation>Kohemmung</translation>
  </message>
  <message>
   <source>code</source>
   <translation>Kürzel</translation>
  </message>
  <message>
   <source>code of {place}</source>
   <translation>Kürzel: {place}</translation>
  </message>
  <message>
   <source>connected</source>
   <translation>verbunden</translation>
  </message>
  <message>
   <source>contact</source>
   <translation>Kontakt</translation>
  </message>
  <message>
   <source>contact: {contacts}</source>
   <translation>Kontakt: {contacts}</translation>
  </message>
  <message>
   <source>could be calm, tired, cold hands or electrode; please judge</source>
   <translation>kann Ruhe, Müdigkeit, kalte Hände oder die Elektrode sein; bitte selbst beurteilen</translation>
  </message>
  <message>
   <source>declared / measured</source>
   <translation>angegeben / gemessen</translation>
  </message>
  <message>
   <source>delay</source>
   <translation>Verzug</translation>
  </message>
  <message>
   <source>differences</source>
   <translation>Unterschiede</translation>
  </message>
  <message>
   <source>dim the window, or make it bright again</source>
   <translation>das Fenster dimmen oder wieder aufhellen</translation>
  </message>
  <message>
   <source>dimmed (D)</source>
   <translation>gedimmt (D)</translation>
  </message>
  <message>
   <source>discard</source>
   <translation>verwerfen</translation>
  </message>
  <message>
   <source>disk {hours:.0f} h</source>
   <translation>Datenträger {hours:.0f} h</translation>
  </message>
  <message>
   <source>disk {minutes:.0f} min</source>
   <translation>Datenträger {minutes:.0f} min</translation>
  </message>
  <message>
   <source>does not apply</source>
   <translation>entfällt</translation>
  </message>
  <message>
   <source>electrode contact lost</source>
   <translation>Elektrodenkontakt verloren</translation>
  </message>
  <message>
   <source>end of the recording</source>
   <translation>Ende der Aufnahme</translation>
  </message>
  <message>
   <source>engine does not answer</source>
   <translation>Messprogramm antwortet nicht</translation>
  </message>
  <message>
   <source>engine gone</source>
   <translation>Messprogramm nicht mehr da</translation>
  </message>
  <message>
   <source>enter</source>
   <translation>Eingabe</translation>
  </message>
  <message>
   <source>excursion ▶</source>
   <translation>Auslenkung ▶</translation>
  </message>
  <message>
   <source>faster</source>
   <translation>schneller</translation>
  </message>
  <message>
   <source>fewer than 20 segments</source>
   <translation>weniger als 20 Abschnitte</translation>
  </message>
  <message>
   <source>fine</source>
   <translation>in Ordnung</translation>
  </message>
  <message>
   <source>flat signal</source>
   <translation>flaches Signal</translation>
  </message>
  <message>
   <source>for the therapist's eyes only</source>
   <translation>nur für die Augen der Therapeutin oder des Therapeuten</translation>
  </message>
  <message>
   <source>free text</source>
   <translation>freier Text</translation>
  </message>
  <message>
   <source>free text about this moment, key N</source>
   <translation>freier Text zu diesem Augenblick, Taste N</translation>
  </message>
  <message>
   <source>full screen, or a window again</source>
   <translation>Vollbild oder wieder ein Fenster</translation>
  </message>
  <message>
   <source>gap in the data</source>
   <translation>Lücke in den Daten</translation>
  </message>
  <message>
   <source>gaps</source>
   <translation>Lücken</translation>
  </message>
  <message>
   <source>given by the command line</source>
   <translation>von der Befehlszeile zugeordnet</translation>
  </message>
  <message>
   <source>given by the command line · {reason}</source>
   <translation>von der Befehlszeile zugeordnet · {reason}</translation>
  </message>
  <message>
   <source>given by the room file</source>
   <translation>von der Raumdatei zugeordnet</translation>
  </message>
  <message>
   <source>given by the room file · {reason}</source>
   <translation>von der Raumdatei zugeordnet · {reason}</translation>
  </message>
  <message>
   <source>given by you</source>
   <translation>von Ihnen zugeordnet</translation>
  </message>
  <message>
   <source>given by you · {reason}</source>
   <translation>von Ihnen zugeordnet · {reason}</translation>
  </message>
  <message>
   <source>glance view</source>
   <translation>Blickansicht</translation>
  </message>
  <message>
   <source>go on</source>
   <translation>weiter</translation>
  </message>
  <message>
   <source>good</source>
   <translation>gut</translation>
  </message>
  <message>
   <source>guessed</source>
   <translation>vermutet</translation>
  </message>
  <message>
   <source>guessed: {reason}</source>
   <translation>vermutet: {reason}</translation>
  </message>
  <message>
   <source>heart rate</source>
   <translation>Herzfrequenz</translation>
  </message>
  <message>
   <source>hidden (Shift+H shows)</source>
   <translation>verborgen (Umschalt+H zeigt)</translation>
  </message>
  <message>
   <source>hide or show everything</source>
   <translation>alles verbergen oder zeigen</translation>
  </message>
  <message>
   <source>hide or show the therapist's side</source>
   <translation>Seite der Therapeutin oder des Therapeuten verbergen oder zeigen</translation>
  </message>
  <message>
   <source>host</source>
   <translation>Rechner</translation>
  </message>
  <message>
   <source>intervention</source>
   <translation>Intervention</translation>
  </message>
  <message>
   <source>irregular</source>
   <translation>unregelmäßig</translation>
  </message>
  <message>
   <source>judge: {what}, key {key}</source>
   <translation>beurteilen: {what}, Taste {key}</translation>
  </message>
  <message>
   <source>judgement</source>
   <translation>Urteil</translation>
  </message>
  <message>
   <source>judgements</source>
   <translation>Urteile</translation>
  </message>
  <message>
   <source>keep above other windows, or no longer</source>
   <translation>über anderen Fenstern halten oder nicht mehr</translation>
  </message>
  <message>
   <source>key {key}</source>
   <translation>Taste {key}</translation>
  </message>
  <message>
   <source>keys of this window</source>
   <translation>Tasten dieses Fensters</translation>
  </message>
  <message>
   <source>larger text</source>
   <translation>größere Schrift</translation>
  </message>
  <message>
   <source>last 5 min: {place}</source>
   <translation>letzte 5 min: {place} des Zufalls</translation>
  </message>
  <message>
   <source>last note</source>
   <translation>letzter Vermerk</translation>
  </message>
  <message>
   <source>last: {clock} {what}</source>
   <translation>zuletzt: {clock} {what}</translation>
  </message>
  <message>
   <source>less than 1 s</source>
   <translation>weniger als 1 s</translation>
  </message>
  <message>
   <source>level has drifted by {drift} SD: a quiet minute to take the level anew may help</source>
   <translation>Niveau um {drift} SD verschoben: eine ruhige Minute, um es neu zu nehmen, kann helfen</translation>
  </message>
  <message>
   <source>level taken: stop</source>
   <translation>Niveau wird genommen: beenden</translation>
  </message>
  <message>
   <source>level {level:.3g}, one SD from {low:.3g} to {high:.3g}</source>
   <translation>Niveau {level:.3g}, eine SD von {low:.3g} bis {high:.3g}</translation>
  </message>
  <message>
   <source>light or dark</source>
   <translation>hell oder dunkel</translation>
  </message>
  <message>
   <source>likely</source>
   <translation>wahrscheinlich</translation>
  </message>
  <message>
   <source>line: z over the session so far, dashed while unsure · grey: what chance gives · hatched: no value</source>
   <translation>Linie: z über die bisherige Sitzung, gestrichelt, solange ungewiss · grau: was der Zufall ergibt · schraffiert: kein Wert</translation>
  </message>
  <message>
   <source>little change in the last 3 min</source>
   <translation>wenig Änderung in den letzten 3 min</translation>
  </message>
  <message>
   <source>lnHF 60 s</source>
   <translation>lnHF 60 s</translation>
  </message>
  <message>
   <source>lnRMSSD</source>
   <translation>lnRMSSD</translation>
  </message>
  <message>
   <source>lnRMSSD 60 s</source>
   <translation>lnRMSSD 60 s</translation>
  </message>
  <message>
   <source>longer time in the band</source>
   <translation>längere Zeit im Band</translation>
  </message>
  <message>
   <source>loss</source>
   <translation>Verlust</translation>
  </message>
  <message>
   <source>lost</source>
   <translation>verloren</translation>
  </message>
  <message>
   <source>low EDA – check electrode and temperature</source>
   <translation>niedrige EDA – bitte Elektrode und Temperatur prüfen</translation>
  </message>
  <message>
   <source>low activation (unspecific)</source>
   <translation>niedrige Aktivierung (unspezifisch)</translation>
  </message>
  <message>
   <source>measures</source>
   <translation>misst</translation>
  </message>
  <message>
   <source>minutes of the session</source>
   <translation>Minuten der Sitzung</translation>
  </message>
  <message>
   <source>more of this window</source>
   <translation>mehr von diesem Fenster</translation>
  </message>
  <message>
   <source>moved opposite ways more often than chance</source>
   <translation>öfter gegensinnig als durch Zufall</translation>
  </message>
  <message>
   <source>moved the same way more often than chance</source>
   <translation>öfter gleichsinnig als durch Zufall</translation>
  </message>
  <message>
   <source>movement</source>
   <translation>Bewegung</translation>
  </message>
  <message>
   <source>near the {edge}lower edge</source>
   <translation>nahe dem {edge}unteren Rand</translation>
  </message>
  <message>
   <source>near the {edge}upper edge</source>
   <translation>nahe dem {edge}oberen Rand</translation>
  </message>
  <message>
   <source>next excursion</source>
   <translation>nächste Auslenkung</translation>
  </message>
  <message>
   <source>next note</source>
   <translation>nächster Vermerk</translation>
  </message>
  <message>
   <source>no data</source>
   <translation>keine Daten</translation>
  </message>
  <message>
   <source>no data since {clock}</source>
   <translation>keine Daten seit {clock}</translation>
  </message>
  <message>
   <source>no direction beyond chance</source>
   <translation>keine Richtung über den Zufall hinaus</translation>
  </message>
  <message>
   <source>no gaps</source>
   <translation>keine Lücken</translation>
  </message>
  <message>
   <source>no level could be taken</source>
   <translation>es konnte kein Niveau genommen werden</translation>
  </message>
  <message>
   <source>no longer above others</source>
   <translation>nicht mehr über anderen Fenstern</translation>
  </message>
  <message>
   <source>no place in the plane: {axis}: {reason}</source>
   <translation>kein Ort in der Ebene: {axis}: {reason}</translation>
  </message>
  <message>
   <source>no reference cloud: the reference holds only one of the two axes, or none</source>
   <translation>keine Referenzwolke: die Referenz enthält nur eine der beiden Achsen oder keine</translation>
  </message>
  <message>
   <source>no sensor found for this participant</source>
   <translation>für diese Person wurde kein Sensor gefunden</translation>
  </message>
  <message>
   <source>no stream</source>
   <translation>kein Datenstrom</translation>
  </message>
  <message>
   <source>no valid minutes so far</source>
   <translation>bisher keine gültigen Minuten</translation>
  </message>
  <message>
   <source>no value for the moment: {text}</source>
   <translation>im Augenblick kein Wert: {text}</translation>
  </message>
  <message>
   <source>no value yet</source>
   <translation>noch kein Wert</translation>
  </message>
  <message>
   <source>no {signal} stream of {who}</source>
   <translation>kein Datenstrom ({signal}) von {who}</translation>
  </message>
  <message>
   <source>no {what} stream</source>
   <translation>kein Datenstrom: {what}</translation>
  </message>
  <message>
   <source>not available</source>
   <translation>nicht verfügbar</translation>
  </message>
  <message>
   <source>not available: {reason}</source>
   <translation>nicht verfügbar: {reason}</translation>
  </message>
  <message>
   <source>not available: {text}</source>
   <translation>nicht verfügbar: {text}</translation>
  </message>
  <message>
   <source>not calibrated</source>
   <translation>nicht kalibriert</translation>
  </message>
  <message>
   <source>not calibrated: run attune calibrate {code}</source>
   <translation>nicht kalibriert: bitte attune calibrate {code} ausführen</translation>
  </message>
  <message>
   <source>not given to anybody</source>
   <translation>niemandem zugeordnet</translation>
  </message>
  <message>
   <source>not recognised: recorded only</source>
   <translation>nicht erkannt: wird nur aufgenommen</translation>
  </message>
  <message>
   <source>not recording</source>
   <translation>keine Aufnahme</translation>
  </message>
  <message>
   <source>not right</source>
   <translation>stimmt nicht</translation>
  </message>
  <message>
   <source>not updated since {clock}</source>
   <translation>nicht erneuert seit {clock}</translation>
  </message>
  <message>
   <source>not yet</source>
   <translation>noch nicht</translation>
  </message>
  <message>
   <source>not yet ({valid} of {needed} min)</source>
   <translation>noch nicht ({valid} von {needed} min)</translation>
  </message>
  <message>
   <source>note</source>
   <translation>Vermerk</translation>
  </message>
  <message>
   <source>note {what}, key {key}</source>
   <translation>Vermerk {what}, Taste {key}</translation>
  </message>
  <message>
   <source>note ▶</source>
   <translation>Vermerk ▶</translation>
  </message>
  <message>
   <source>notes</source>
   <translation>Vermerke</translation>
  </message>
  <message>
   <source>notes can be added after: attune replay … --author CODE</source>
   <translation>Vermerke sind möglich nach: attune replay … --author KÜRZEL</translation>
  </message>
  <message>
   <source>notes: {count}</source>
   <translation>Vermerke: {count}</translation>
  </message>
  <message>
   <source>nothing differs so far</source>
   <translation>bisher kein Unterschied</translation>
  </message>
  <message>
   <source>now</source>
   <translation>jetzt</translation>
  </message>
  <message>
   <source>of {place} {code}</source>
   <translation>von {place} {code}</translation>
  </message>
  <message>
   <source>ok</source>
   <translation>ok</translation>
  </message>
  <message>
   <source>on 10 s</source>
   <translation>10 s vor</translation>
  </message>
  <message>
   <source>on 60 s</source>
   <translation>60 s vor</translation>
  </message>
  <message>
   <source>on hold</source>
   <translation>angehalten</translation>
  </message>
  <message>
   <source>on hold since {clock}: no data from {who}</source>
   <translation>angehalten seit {clock}: keine Daten von {who}</translation>
  </message>
  <message>
   <source>on hold since {clock}: not renewed</source>
   <translation>angehalten seit {clock}: nicht erneuert</translation>
  </message>
  <message>
   <source>on hold: stream of {who} not verified</source>
   <translation>angehalten: Datenstrom von {who} nicht geprüft</translation>
  </message>
  <message>
   <source>one sensor lost: {names}</source>
   <translation>ein Sensor verloren: {names}</translation>
  </message>
  <message>
   <source>own note, see window.toml</source>
   <translation>eigener Vermerk, siehe window.toml</translation>
  </message>
  <message>
   <source>pace of breathing</source>
   <translation>Takt der Atmung</translation>
  </message>
  <message>
   <source>pair of people</source>
   <translation>Paar</translation>
  </message>
  <message>
   <source>participant</source>
   <translation>Person</translation>
  </message>
  <message>
   <source>pause</source>
   <translation>Pause</translation>
  </message>
  <message>
   <source>paused</source>
   <translation>angehalten</translation>
  </message>
  <message>
   <source>play or pause</source>
   <translation>abspielen oder anhalten</translation>
  </message>
  <message>
   <source>please rate</source>
   <translation>bitte einschätzen</translation>
  </message>
  <message>
   <source>position in the recording</source>
   <translation>Stelle in der Aufnahme</translation>
  </message>
  <message>
   <source>prepared to {clock}</source>
   <translation>vorbereitet bis {clock}</translation>
  </message>
  <message>
   <source>presence</source>
   <translation>Gegenwärtigkeit</translation>
  </message>
  <message>
   <source>previous excursion</source>
   <translation>vorige Auslenkung</translation>
  </message>
  <message>
   <source>previous note</source>
   <translation>voriger Vermerk</translation>
  </message>
  <message>
   <source>privacy</source>
   <translation>Vertraulichkeit</translation>
  </message>
  <message>
   <source>profile</source>
   <translation>Profil</translation>
  </message>
  <message>
   <source>profile shown</source>
   <translation>gezeigtes Profil</translation>
  </message>
  <message>
   <source>profile {number}</source>
   <translation>Profil {number}</translation>
  </message>
  <message>
   <source>progress of this step</source>
   <translation>Fortschritt dieses Schritts</translation>
  </message>
  <message>
   <source>provisional </source>
   <translation>vorl. </translation>
  </message>
  <message>
   <source>rate</source>
   <translation>Rate</translation>
  </message>
  <message>
   <source>rate not as declared</source>
   <translation>Rate nicht wie angegeben</translation>
  </message>
  <message>
   <source>ready when you are</source>
   <translation>bereit, wenn Sie es sind</translation>
  </message>
  <message>
   <source>reciprocal activation</source>
   <translation>reziproke Aktivierung</translation>
  </message>
  <message>
   <source>reciprocal calming</source>
   <translation>reziproke Beruhigung</translation>
  </message>
  <message>
   <source>recognised: {reason}</source>
   <translation>erkannt: {reason}</translation>
  </message>
  <message>
   <source>recorded only</source>
   <translation>wird nur aufgenommen</translation>
  </message>
  <message>
   <source>recording</source>
   <translation>Aufnahme läuft</translation>
  </message>
  <message>
   <source>recording closed</source>
   <translation>Aufnahme geschlossen</translation>
  </message>
  <message>
   <source>recording: not known while the engine is silent</source>
   <translation>Aufnahme: nicht bekannt, solange das Messprogramm schweigt</translation>
  </message>
  <message>
   <source>redo</source>
   <translation>noch einmal</translation>
  </message>
  <message>
   <source>remembered from last time</source>
   <translation>vom letzten Mal gemerkt</translation>
  </message>
  <message>
   <source>remembered from last time · {reason}</source>
   <translation>vom letzten Mal gemerkt · {reason}</translation>
  </message>
  <message>
   <source>repair</source>
   <translation>Reparatur</translation>
  </message>
  <message>
   <source>replay</source>
   <translation>Wiedergabe</translation>
  </message>
  <message>
   <source>research view</source>
   <translation>Forschungsansicht</translation>
  </message>
  <message>
   <source>resume</source>
   <translation>weiter</translation>
  </message>
  <message>
   <source>running</source>
   <translation>läuft</translation>
  </message>
  <message>
   <source>rupture</source>
   <translation>Bruch</translation>
  </message>
  <message>
   <source>samples</source>
   <translation>Messwerte</translation>
  </message>
  <message>
   <source>sensor changed its range</source>
   <translation>Sensor hat den Messbereich gewechselt</translation>
  </message>
  <message>
   <source>sensor lost: {names}</source>
   <translation>Sensor verloren: {names}</translation>
  </message>
  <message>
   <source>session ended</source>
   <translation>Sitzung beendet</translation>
  </message>
  <message>
   <source>set of sensors changed</source>
   <translation>andere Sensoren</translation>
  </message>
  <message>
   <source>set-up</source>
   <translation>Vorbereitung</translation>
  </message>
  <message>
   <source>shorter time in the band</source>
   <translation>kürzere Zeit im Band</translation>
  </message>
  <message>
   <source>shorter: =    longer: -</source>
   <translation>kürzer: =    länger: -</translation>
  </message>
  <message>
   <source>show the next profile compared</source>
   <translation>das nächste verglichene Profil zeigen</translation>
  </message>
  <message>
   <source>signal</source>
   <translation>Signal</translation>
  </message>
  <message>
   <source>signal at the limit of the sensor</source>
   <translation>Signal an der Grenze des Sensors</translation>
  </message>
  <message>
   <source>signal does not vary</source>
   <translation>Signal ändert sich nicht</translation>
  </message>
  <message>
   <source>signal too noisy</source>
   <translation>Signal zu verrauscht</translation>
  </message>
  <message>
   <source>silence</source>
   <translation>Stille</translation>
  </message>
  <message>
   <source>silent</source>
   <translation>still</translation>
  </message>
  <message>
   <source>similarity of {signal} so far: {place} what chance gives in this session (z {z}, {time})</source>
   <translation>Ähnlichkeit bisher ({signal}): {place}, den der Zufall in dieser Sitzung ergibt (z {z}, {time})</translation>
  </message>
  <message>
   <source>skin conductance</source>
   <translation>Hautleitwert</translation>
  </message>
  <message>
   <source>skin conductance changes</source>
   <translation>Änderungen des Hautleitwerts</translation>
  </message>
  <message>
   <source>skin conductance higher than reference</source>
   <translation>Hautleitwert höher als in der Referenz</translation>
  </message>
  <message>
   <source>skin conductance lower than reference</source>
   <translation>Hautleitwert niedriger als in der Referenz</translation>
  </message>
  <message>
   <source>skin conductance near reference</source>
   <translation>Hautleitwert nahe der Referenz</translation>
  </message>
  <message>
   <source>skin conductance of one person does not vary</source>
   <translation>Hautleitwert einer Person ändert sich nicht</translation>
  </message>
  <message>
   <source>skin conductance, SD from own reference ↑</source>
   <translation>Hautleitwert, SD von der eigenen Referenz ↑</translation>
  </message>
  <message>
   <source>skip</source>
   <translation>auslassen</translation>
  </message>
  <message>
   <source>slower</source>
   <translation>langsamer</translation>
  </message>
  <message>
   <source>smaller text</source>
   <translation>kleinere Schrift</translation>
  </message>
  <message>
   <source>speed</source>
   <translation>Tempo</translation>
  </message>
  <message>
   <source>speed of the replay</source>
   <translation>Tempo der Wiedergabe</translation>
  </message>
  <message>
   <source>start recording (set-up)</source>
   <translation>Aufnahme beginnen (Vorbereitung)</translation>
  </message>
  <message>
   <source>starting</source>
   <translation>beginnt</translation>
  </message>
  <message>
   <source>state</source>
   <translation>Zustand</translation>
  </message>
  <message>
   <source>stays above other windows (Ctrl+T)</source>
   <translation>bleibt über anderen Fenstern (Strg+T)</translation>
  </message>
  <message>
   <source>step {number} of {all}</source>
   <translation>Schritt {number} von {all}</translation>
  </message>
  <message>
   <source>stop</source>
   <translation>beenden</translation>
  </message>
  <message>
   <source>stopped</source>
   <translation>beendet</translation>
  </message>
  <message>
   <source>stream</source>
   <translation>Datenstrom</translation>
  </message>
  <message>
   <source>stream not verified</source>
   <translation>Datenstrom nicht geprüft</translation>
  </message>
  <message>
   <source>stream {title}, {what}, {whose}</source>
   <translation>Datenstrom {title}, {what}, {whose}</translation>
  </message>
  <message>
   <source>sure</source>
   <translation>eindeutig</translation>
  </message>
  <message>
   <source>table of streams</source>
   <translation>Tabelle der Datenströme</translation>
  </message>
  <message>
   <source>take level anew</source>
   <translation>Niveau neu nehmen</translation>
  </message>
  <message>
   <source>take the newest note back</source>
   <translation>den neuesten Vermerk zurücknehmen</translation>
  </message>
  <message>
   <source>taking the level of the day</source>
   <translation>Tagesniveau wird genommen</translation>
  </message>
  <message>
   <source>taking the level of the day from these minutes</source>
   <translation>aus diesen Minuten wird das Tagesniveau genommen</translation>
  </message>
  <message>
   <source>talking: vagal index held</source>
   <translation>Sprechen: vagaler Index angehalten</translation>
  </message>
  <message>
   <source>temperature</source>
   <translation>Temperatur</translation>
  </message>
  <message>
   <source>tension</source>
   <translation>Anspannung</translation>
  </message>
  <message>
   <source>text of the usual size</source>
   <translation>Schrift in üblicher Größe</translation>
  </message>
  <message>
   <source>text size {percent} %</source>
   <translation>Schriftgröße {percent} %</translation>
  </message>
  <message>
   <source>the engine cannot be reached</source>
   <translation>das Messprogramm ist nicht erreichbar</translation>
  </message>
  <message>
   <source>the recording needs a look</source>
   <translation>bitte nach der Aufnahme sehen</translation>
  </message>
  <message>
   <source>the same signal was given for both</source>
   <translation>für beide wurde dasselbe Signal gegeben</translation>
  </message>
  <message>
   <source>the zone needs some seconds to settle</source>
   <translation>die Zone braucht einige Sekunden</translation>
  </message>
  <message>
   <source>therapist</source>
   <translation>Therapeut·in</translation>
  </message>
  <message>
   <source>therapist's side hidden (H)</source>
   <translation>Seite der Therapeutin oder des Therapeuten verborgen (H)</translation>
  </message>
  <message>
   <source>there is one screen only</source>
   <translation>es gibt nur einen Bildschirm</translation>
  </message>
  <message>
   <source>time line: whole session</source>
   <translation>Zeitleiste: ganze Sitzung</translation>
  </message>
  <message>
   <source>to the end</source>
   <translation>zum Ende</translation>
  </message>
  <message>
   <source>to the next screen</source>
   <translation>auf den nächsten Bildschirm</translation>
  </message>
  <message>
   <source>to the start</source>
   <translation>zum Anfang</translation>
  </message>
  <message>
   <source>tolerable</source>
   <translation>tragbar</translation>
  </message>
  <message>
   <source>too few beats in the window</source>
   <translation>zu wenige Herzschläge im Fenster</translation>
  </message>
  <message>
   <source>too little</source>
   <translation>zu wenig</translation>
  </message>
  <message>
   <source>too little data so far</source>
   <translation>bisher zu wenige Daten</translation>
  </message>
  <message>
   <source>too many corrected beats</source>
   <translation>zu viele korrigierte Herzschläge</translation>
  </message>
  <message>
   <source>too much</source>
   <translation>zu viel</translation>
  </message>
  <message>
   <source>undo</source>
   <translation>zurücknehmen</translation>
  </message>
  <message>
   <source>undo {what} {clock}</source>
   <translation>{what} {clock} zurücknehmen</translation>
  </message>
  <message>
   <source>unknown</source>
   <translation>unbekannt</translation>
  </message>
  <message>
   <source>unknown reason</source>
   <translation>unbekannter Grund</translation>
  </message>
  <message>
   <source>unsure</source>
   <translation>ungewiss</translation>
  </message>
  <message>
   <source>unsure: {reason}</source>
   <translation>ungewiss: {reason}</translation>
  </message>
  <message>
   <source>vagal index</source>
   <translation>vagaler Index</translation>
  </message>
  <message>
   <source>vagal index (lnRMSSD), SD from own reference →</source>
   <translation>vagaler Index (lnRMSSD), SD von der eigenen Referenz →</translation>
  </message>
  <message>
   <source>view</source>
   <translation>Ansicht</translation>
  </message>
  <message>
   <source>waiting</source>
   <translation>wartet</translation>
  </message>
  <message>
   <source>waiting for data</source>
   <translation>warte auf Daten</translation>
  </message>
  <message>
   <source>waiting for enough valid signal</source>
   <translation>warte auf genug brauchbares Signal</translation>
  </message>
  <message>
   <source>warming up</source>
   <translation>Anlauf</translation>
  </message>
  <message>
   <source>weak</source>
   <translation>schwach</translation>
  </message>
  <message>
   <source>what differs between the profiles</source>
   <translation>was sich zwischen den Profilen unterscheidet</translation>
  </message>
  <message>
   <source>whose moment is judged</source>
   <translation>wessen Augenblick beurteilt wird</translation>
  </message>
  <message>
   <source>window</source>
   <translation>Fenster</translation>
  </message>
  <message>
   <source>window of tolerance</source>
   <translation>Toleranzfenster</translation>
  </message>
  <message>
   <source>within</source>
   <translation>im Bereich</translation>
  </message>
  <message>
   <source>within the calibrated range</source>
   <translation>im kalibrierten Bereich</translation>
  </message>
  <message>
   <source>within {share} % of {minutes} valid min</source>
   <translation>im Bereich {share} % von {minutes} gültigen min</translation>
  </message>
  <message>
   <source>written note</source>
   <translation>geschriebener Vermerk</translation>
  </message>
  <message>
   <source>z EDA</source>
   <translation>z EDA</translation>
  </message>
  <message>
   <source>z heart</source>
   <translation>z Herz</translation>
  </message>
  <message>
   <source>z vagal</source>
   <translation>z vagal</translation>
  </message>
  <message>
   <source>{alive}/{all} streams</source>
   <translation>{alive}/{all} Datenströme</translation>
  </message>
  <message>
   <source>{clock} {what} noted</source>
   <translation>{clock} {what} vermerkt</translation>
  </message>
  <message>
   <source>{clock} {what} taken back</source>
   <translation>{clock} {what} zurückgenommen</translation>
  </message>
  <message>
   <source>{clock} {what}: text kept</source>
   <translation>{clock} {what}: Text behalten</translation>
  </message>
  <message>
   <source>{code}, plane: {sentence}</source>
   <translation>{code}, Ebene: {sentence}</translation>
  </message>
  <message>
   <source>{count} notes</source>
   <translation>{count} Vermerke</translation>
  </message>
  <message>
   <source>{count} sensors lost: {names}</source>
   <translation>{count} Sensoren verloren: {names}</translation>
  </message>
  <message>
   <source>{device} · {host}</source>
   <translation>{device} · {host}</translation>
  </message>
  <message>
   <source>{edge}lower edge</source>
   <translation>{edge}unterer Rand</translation>
  </message>
  <message>
   <source>{edge}upper edge</source>
   <translation>{edge}oberer Rand</translation>
  </message>
  <message>
   <source>{elapsed} of {length}</source>
   <translation>{elapsed} von {length}</translation>
  </message>
  <message>
   <source>{elapsed} of {length} · usable {valid}, needed at least {minimum}</source>
   <translation>{elapsed} von {length} · brauchbar {valid}, nötig mindestens {minimum}</translation>
  </message>
  <message>
   <source>{elapsed} of {length} · usable {valid}, needed at least {minimum} – enough</source>
   <translation>{elapsed} von {length} · brauchbar {valid}, nötig mindestens {minimum} – genug</translation>
  </message>
  <message>
   <source>{file} cannot be read: {error}</source>
   <translation>{file} kann nicht gelesen werden: {error}</translation>
  </message>
  <message>
   <source>{file} cannot be written: {error}</source>
   <translation>{file} kann nicht geschrieben werden: {error}</translation>
  </message>
  <message>
   <source>{file}: {text}</source>
   <translation>{file}: {text}</translation>
  </message>
  <message>
   <source>{first} and {second}</source>
   <translation>{first} und {second}</translation>
  </message>
  <message>
   <source>{hours} h {minutes} min</source>
   <translation>{hours} h {minutes} min</translation>
  </message>
  <message>
   <source>{kind}  {code}</source>
   <translation>{kind}  {code}</translation>
  </message>
  <message>
   <source>{label} (shown)</source>
   <translation>{label} (gezeigt)</translation>
  </message>
  <message>
   <source>{label}, {who}</source>
   <translation>{label}, {who}</translation>
  </message>
  <message>
   <source>{label}: {text}</source>
   <translation>{label}: {text}</translation>
  </message>
  <message>
   <source>{mark} {name}: {text}.</source>
   <translation>{mark} {name}: {text}.</translation>
  </message>
  <message>
   <source>{mark} {name}: {text}. {cure}</source>
   <translation>{mark} {name}: {text}. {cure}</translation>
  </message>
  <message>
   <source>{minutes} min</source>
   <translation>{minutes} min</translation>
  </message>
  <message>
   <source>{minutes} min not available ({reasons})</source>
   <translation>{minutes} min nicht verfügbar ({reasons})</translation>
  </message>
  <message>
   <source>{minutes} min {seconds} s</source>
   <translation>{minutes} min {seconds} s</translation>
  </message>
  <message>
   <source>{name} (clock not verified)</source>
   <translation>{name} (Uhr nicht geprüft)</translation>
  </message>
  <message>
   <source>{name} (declared {declared} Hz, measured {measured} Hz)</source>
   <translation>{name} (angegeben {declared} Hz, gemessen {measured} Hz)</translation>
  </message>
  <message>
   <source>{name} (no data since {clock})</source>
   <translation>{name} (keine Daten seit {clock})</translation>
  </message>
  <message>
   <source>{name} (no data)</source>
   <translation>{name} (keine Daten)</translation>
  </message>
  <message>
   <source>{name} {contact}</source>
   <translation>{name} {contact}</translation>
  </message>
  <message>
   <source>{name}: {state}</source>
   <translation>{name}: {state}</translation>
  </message>
  <message>
   <source>{place} chance (z {z}, {minutes} min)</source>
   <translation>{place} des Zufalls (z {z}, {minutes} min)</translation>
  </message>
  <message>
   <source>{position} / {duration}</source>
   <translation>{position} / {duration}</translation>
  </message>
  <message>
   <source>{reason} since {clock}</source>
   <translation>{reason} seit {clock}</translation>
  </message>
  <message>
   <source>{reason}. Only the height is known: the hollow point stands for any place on its line.</source>
   <translation>{reason}. Nur die Höhe ist bekannt: Der hohle Punkt steht für jeden Ort auf seiner Linie.</translation>
  </message>
  <message>
   <source>{rows} more rows are not shown here</source>
   <translation>{rows} weitere Zeilen werden hier nicht gezeigt</translation>
  </message>
  <message>
   <source>{seconds} s</source>
   <translation>{seconds} s</translation>
  </message>
  <message>
   <source>{signal}: not available</source>
   <translation>{signal}: nicht verfügbar</translation>
  </message>
  <message>
   <source>{signal}: {above} of {pairs} pairs above chance; by chance alone {expected} are expected</source>
   <translation>{signal}: {above} von {pairs} Paaren über dem Zufallsbereich; allein durch Zufall sind {expected} zu erwarten</translation>
  </message>
  <message>
   <source>{signal}: {place} what chance gives in this session</source>
   <translation>{signal}: {place}, den der Zufall in dieser Sitzung ergibt</translation>
  </message>
  <message>
   <source>{signal}: {text}</source>
   <translation>{signal}: {text}</translation>
  </message>
  <message>
   <source>{speed}×</source>
   <translation>{speed}×</translation>
  </message>
  <message>
   <source>{text} for {time}</source>
   <translation>{text} seit {time}</translation>
  </message>
  <message>
   <source>{text} – {more}</source>
   <translation>{text} – {more}</translation>
  </message>
  <message>
   <source>{text}, unsure</source>
   <translation>{text}, ungewiss</translation>
  </message>
  <message>
   <source>{text}: {reason}</source>
   <translation>{text}: {reason}</translation>
  </message>
  <message>
   <source>{title}</source>
   <translation>{title}</translation>
  </message>
  <message>
   <source>{title} [{unit}]</source>
   <translation>{title} [{unit}]</translation>
  </message>
  <message>
   <source>{typed} of {most}</source>
   <translation>{typed} von {most}</translation>
  </message>
  <message>
   <source>{valid} min</source>
   <translation>{valid} min</translation>
  </message>
  <message>
   <source>{valid} of {needed} min</source>
   <translation>{valid} von {needed} min</translation>
  </message>
  <message>
   <source>{what} {value}</source>
   <translation>{what} {value}</translation>
  </message>
  <message>
   <source>{what} · irregular, not measured yet</source>
   <translation>{what} · unregelmäßig, noch nicht gemessen</translation>
  </message>
  <message>
   <source>{what} · irregular, {measured:.1f} a second measured</source>
   <translation>{what} · unregelmäßig, {measured:.1f} je Sekunde gemessen</translation>
  </message>
  <message>
   <source>{what} · {declared:g} Hz declared, not measured yet</source>
   <translation>{what} · {declared:g} Hz angegeben, noch nicht gemessen</translation>
  </message>
  <message>
   <source>{what} · {declared:g} Hz declared, {measured:.1f} measured</source>
   <translation>{what} · {declared:g} Hz angegeben, {measured:.1f} gemessen</translation>
  </message>
  <message>
   <source>{what}, key Ctrl+Z</source>
   <translation>{what}, Taste Strg+Z</translation>
  </message>
  <message>
   <source>{what}, {code}</source>
   <translation>{what}, {code}</translation>
  </message>
  <message>
   <source>{who}'s changes tended to come {lag} earlier ({minutes} min); not a causal statement</source>
   <translation>Änderungen von {who} kamen tendenziell {lag} früher ({minutes} min); keine Aussage über Ursachen</translation>
  </message>
  <message>
   <source>{who}: {profile}</source>
   <translation>{who}: {profile}</translation>
  </message>
  <message>
   <source>{who}: {state}</source>
   <translation>{who}: {state}</translation>
  </message>
  <message>
   <source>{who}: {valid}; above the upper edge {above} times, low activation {below} times; {missing}</source>
   <translation>{who}: {valid}; {above}-mal über dem oberen Rand, {below}-mal niedrige Aktivierung; {missing}</translation>
  </message>
  <message>
   <source>{word}  ({key})</source>
   <translation>{word}  ({key})</translation>
  </message>
  <message>
   <source>−10 s</source>
   <translation>−10 s</translation>
  </message>
  <message>
   <source>−{minutes} min</source>
   <translation>−{minutes} min</translation>
  </message>
  <message>
   <source>◀ excursion</source>
   <translation>◀ Auslenkung</translation>
  </message>
  <message>
   <source>◀ note</source>
   <translation>◀ Vermerk</translation>
  </message>
  <message>
   <source>⚠ Recording fails: {error}</source>
   <translation>⚠ Aufnahme schlägt fehl: {error}</translation>
  </message>
  <message>
   <source>✓ All checks are fine.</source>
   <translation>✓ Alle Prüfungen sind in Ordnung.</translation>
  </message>
 </context>
</TS>
