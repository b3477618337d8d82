"""The words of mail programs, in their languages: the names of fields, "wrote", "forwarded message", "sent from my"."""

from __future__ import annotations

import re

FIELDS = {
    "from": (
        "From|Von|De|Expeditor|Da|Dal|Van|Fra|Från|Lähettäjä|Od|Nadawca|Šalje|Feladó|Kimden|Gönderen|От|Отправитель"
        "|Від|Expeditorul|De la|Expéditeur"
        "|Remitente|Mittente|Afzender|Από|差出人|发件人|寄件者|寄件人|보낸 사람|보낸사람|Dari|Avsender|Avsändare|מאת"
    ),
    "date": (
        "Date|Sent|Datum|Gesendet|Envoyé|Envoyé le|Data|Fecha|Enviado|Enviado el|Enviada|Enviada em|Enviado em|Inviato"
        "|Verzonden|Dato|Sendt"
        "|Skickat|Päivämäärä|Päiväys|Lähetetty|Wysłano|Dátum|Odoslané|Odesláno|Elküldve|Tarih|Gönderilme Tarihi"
        "|Gönderildi|Дата|Отправлено"
        "|Дата отправки|Надіслано|Відправлено|Dată|Data|Trimis|Poslano|Ημερομηνία|送信日時"
        "|日付|发送时间|日期|寄件日期|날짜|보낸 날짜|Tanggal|תאריך"
    ),
    "to": (
        "To|An|À|A|Pour|Destinatar|Aan|Til|Till|Vastaanottaja|Do|Adresat|Pro|Komu|Pre|Prima|Za|Címzett|Kime|Alıcı|Кому"
        "|Para|Destinatarul|Către|Catre|Προς|宛先"
        "|收件人|收件者|받는 사람|받는사람|Kepada|אל|Destinataire|Destinatario"
    ),
    "cc": "Cc|Kopie (CC)|Copie à|Copia|Copie|Kopie|Kopia|Kopio|Kópia|Kopi|Kopija|DW|Másolatot kap|Másolat|Bilgi|Копия"
    "|Копія|Κοιν|抄送|副本|참조|CC",
    "subject": (
        "Subject|Betreff|Objet|Sujet|Assunto|Asunto|Oggetto|Onderwerp|Emne|Ämne|Aihe|Temat|Předmět|Predmet|Naslov"
        "|Tárgy|Konu|Тема|Subiectul|Subiect"
        "|Θέμα|件名|主题|主旨|제목|Perihal|Subjek|נושא"
    ),
    "reply-to": "Reply-To|Reply to|Antwort an|Répondre à|Responder a|Risposta|Rispondi a|Antwoord aan|Odpowiedź do"
    "|Svar til|Svara till",
}
KIND_OF = {word.lower(): kind for kind, words in FIELDS.items() for word in words.split("|")}
_WRITTEN = "|".join(sorted((re.escape(each) for words in FIELDS.values() for each in words.split("|")), key=len, reverse=True))
JOINED = re.compile(rf"({_WRITTEN})\s?[:：]|(?<=[^\s(])({_WRITTEN})(?=\s)")
VERBS = (
    r"wrote|writes|schrieb|schreibt|geschrieben|écrit|ecrit|escribió|escribio|escribe|scritto|scrive|escreveu|escreve"
    r"|schreef|geschreven|skrev"
    r"|kirjoitti|napisał(?:\(a\)|a)?|napísal(?:\(a\)|a)?|napsal(?:\(a\)|a)?|írta|yazdı|yazmış|написал(?:\(а\)|а|и)?"
    r"|пишет|писал(?:\(а\)|а)?"
    r"|написав(?:\(ла\))?|написала|пише|scris|napisao(?:/la)?|napisala|je napisao|έγραψε|menulis|viết|写道|寫道|写到|書きました"
    r"|のメッセージ|작성|כתב(?:/ה)?|ha scritto"
)
WROTE = re.compile(rf"(?<!\w)(?:{VERBS})(?!\w)", re.IGNORECASE)
ENDS_WROTE = ("wrote", "schrieb", "écrit", "escribió", "ha scritto", "escreveu", "schreef", "geschreven", "skrev", "kirjoitti")
"""What ends a heading even without a colon, in lower case."""
LEADS = re.compile(
    r"(?:On|At|Am|Le|El|Il|In data|Op|Em|Den|Dne|Dňa|Dana|Dnia|W dniu|Ha|În data(?: de)?|Pe|På|Kl|Vào|Pada|Στις|В|У"
    r"|Le jour|Em|Il giorno|tor|ons|tis|mån|fre|lör|sön"
    r"|ma|ti|ke|to|pe|la|su|在|于|於)\b"
)

ORIGINAL = (
    r"original message|ursprüngliche nachricht|original[- ]?nachricht|message d'origine"
    r"|message d’origine|message original|mensaje original|mensagem original"
    r"|messaggio originale|oorspronkelijk bericht|oorspronkelijke bericht|oprindelig besked|oprindelig meddelelse"
    r"|original meddelelse|originalmeddelelse|opprinnelig melding"
    r"|ursprungligt meddelande|originalmeddelande|alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna"
    r"|původní zpráva|pôvodná správa|eredeti üzenet|orijinal mesaj|özgün ileti"
    r"|исходное сообщение|оригинальное сообщение|пересылаемое сообщение|початкове повідомлення|mesaj original"
    r"|mesajul original|izvorna poruka|originalna poruka|αρχικό μήνυμα|元のメッセージ"
    r"|原始邮件|原始郵件|邮件原件|원본 메시지"
)
FORWARDED = (
    r"forwarded message|fwd\.msg|weitergeleitete nachricht|message transféré|message réexpédié|mensaje reenviado"
    r"|mensagem encaminhada|mensagem reencaminhada|messaggio inoltrato"
    r"|doorgestuurd bericht|e-?mail transféré|mail transféré|videresendt besked|videresendt meddelelse"
    r"|videresendt melding|vidarebefordrat meddelande|vidarebefordrat mejl|edelleenlähetetty viesti|välitetty viesti"
    r"|wiadomość przesłana dalej|przekazana wiadomość|treść przekazanej wiadomości|przeposłana wiadomość"
    r"|přeposlaná zpráva|přeposílaná zpráva|preposlaná správa|továbbított üzenet"
    r"|továbbított levél|iletilen ileti|iletilmiş mesaj|yönlendirilmiş ileti|перенаправленное сообщение"
    r"|пересланное сообщение|пересылаемое сообщение|переадресованное сообщение"
    r"|переслане повідомлення|перенаправлене повідомлення|mesaj redirecționat|mesaj redirectionat|proslijeđena poruka"
    r"|prosleđena poruka|προωθημένο μήνυμα|転送メッセージ|转发的邮件|转发邮件"
    r"|轉寄郵件|轉寄的郵件|전달된 메시지|pesan terusan"
)
BEGINS = (
    r"begin forwarded message|anfang der weitergeleiteten nachricht|début du message réexpédié"
    r"|début du message transféré|inicio del mensaje reenviado|início da mensagem (?:re)?encaminhada"
    r"|inizio messaggio inoltrato|begin doorgestuurd bericht|start på videresendt besked|start på videresendt melding"
    r"|vidarebefordrat mejl|välitetty viesti alkaa"
    r"|początek przekazywanej wiadomości|začátek přeposílané zprávy|začátek přeposlané zprávy"
    r"|začiatok preposlanej správy|továbbított levél kezdete|započni proslijeđenu poruku"
    r"|videresendt melding|ileti başlangıcı|iletilen ileti başlangıcı|початок листа, що пересилається"
    r"|начало переадресованного сообщения|начало переадресованного письма|початок переадресованого повідомлення"
    r"|început mesaj redirecționat|începe mesajul redirecționat|i̇letilmiş mesajın başlangıcı"
    r"|iletilen mesajın başlangıcı|転送されたメッセージ|开始转发的邮件|以下是转发的邮件|開始轉寄郵件|전달된 메시지 시작"
)

_MOBILE = (
    r"(?:mobile|phone|cell|iphone|ipad|ipod|android|galaxy|blackberry|tablet|smartphone|samsung|huawei|xiaomi|nokia|pixel)"
)
_EXCUSE = r"(?:[,.;!-]{1,2}\s*(?:please |kindly )?(?:excuse|pardon|forgive|sorry|apolog|typo|brevity)[^\n]{0,80})?"
_LINK = r"(?:\s*[<(\[]{0,2}\s*https?:[^\s]{0,200})?"
SENT_FROM = re.compile(
    r"[<(\[*_\s-]{0,6}(?:"
    rf"sent (?:from|via|with|using|by) (?:my |a |an |the )?"
    rf"(?:\[[^\]\n]{{1,60}}\](?:\([^)\s]{{1,200}}\))?|(?-i:[A-Z])[^\s.,]{{0,40}})(?: [^\s.,]{{1,30}}){{0,6}}{_LINK}"
    rf"|sent (?:from|via|with|using|by) (?:my |a |an )[^\s.,]{{1,30}}(?: [^\s.,]{{1,30}}){{0,5}}"
    rf"|sent (?:from|via|with|using|by) (?:my |a |an )?(?:[^\s.,]{{1,20}} ){{0,2}}{_MOBILE}(?: [^\s.,]{{1,20}}){{0,3}}"
    rf"|(?:\w+ )?from (?:my )?{_MOBILE}(?: [\w.]{{1,20}}){{0,3}}"
    r"|get \[?outlook for [^\n]{1,80}|(?:télécharge[rz]|obtenir) outlook p[^\n]{1,80}|outlook für [^\n]{1,80}"
    r"|obt[eé]n(?:er|ha)? (?:el )?outlook p[^\n]{1,80}|scarica outlook p[^\n]{1,80}"
    r"|(?:(?:envoyé|expédié|sent) )(?:depuis|de|à partir de|avec|via) [^\n]{1,60}|(?:gesendet|geschrieben) (?:von|mit"
    r"|über|aus) [^\n]{1,60}|von mein[^\n]{1,60} (?:gesendet|geschickt)"
    r"|diese (?:nachricht|mail|e-mail) wurde (?:von|mit) [^\n]{1,80} gesendet|(?:verzonden|verstuurd) (?:met|vanaf|via"
    r"|door|van) [^\n]{1,60}"
    r"|enviad[oa] (?:desde|do|da|a partir d[eo]|pelo|mediante|con) [^\n]{1,60}|inviato (?:da|dal|con"
    r"|tramite) [^\n]{1,60}|(?:sendt|skickat|sent) (?:fra|från|med|via) [^\n]{1,60}"
    r"|lähetetty [^\n]{3,60}|wysłan[eoya] (?:z|ze|przez) [^\n]{1,60}|odesl[áa]no z [^\n]{1,60}|odoslané z [^\n]{1,60}"
    r"|отправлено (?:с|из) [^\n]{1,60}|надіслано з [^\n]{1,60}"
    r"|[^\n]{1,30}(?:ımdan|imden|umdan) gönderildi|trimis de pe [^\n]{1,60}|poslano s [^\n]{1,60}|從我的 [^\n]{1,30}傳送"
    r"|发自我的[^\n]{1,30}|發自我的[^\n]{1,30}"
    r"|[^\n]{1,30}から送信|(?:나의|내) [^\n]{1,30}에서 보냄"
    rf"){_EXCUSE}[>)\].!*_\s]{{0,6}}",
    re.IGNORECASE,
)
