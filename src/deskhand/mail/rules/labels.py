"""The words of mail programs, in their languages: the names of fields, "wrote", "forwarded message", "sent from my"."""

from __future__ import annotations

import re

FIELDS = {
    "from": (
        "From|Von|De|Expeditor|Da|Dal|Van|Fra|Från|Lähettäjä|Od|Nadawca|Šalje|Feladó|Kimden|Gönderen|От|Отправитель|Від"
        "|Expeditorul|De la|Expéditeur|Remitente|Mittente|Afzender|Από|差出人|发件人|寄件者|寄件人|보낸 사람|보낸사람"
        "|Dari|Avsender|Avsändare"
        "|מאת"
    ),
    "date": (
        "Date|Sent|Datum|Gesendet|Envoyé|Envoyé le|Data|Fecha|Enviado|Enviado el|Enviada|Enviada em|Enviado em|Inviato"
        "|Verzonden|Dato|Sendt|Skickat|Päivämäärä|Päiväys|Lähetetty|Wysłano|Dátum|Odoslané|Odesláno|Elküldve|Tarih"
        "|Gönderilme Tarihi|Gönderildi|Дата|Отправлено|Дата отправки|Надіслано|Відправлено|Dată|Trimis|Poslano|Ημερομηνία"
        "|送信日時|日付|发送时间|日期|寄件日期|날짜|보낸 날짜|Tanggal|תאריך"
    ),
    "to": (
        "To|An|À|A|Pour|Destinatar|Aan|Til|Till|Vastaanottaja|Do|Adresat|Pro|Komu|Pre|Prima|Za|Címzett|Kime|Alıcı|Кому|Para"
        "|Destinatarul|Către|Catre|Προς|宛先|收件人|收件者|받는 사람|받는사람|Kepada|אל|Destinataire|Destinatario"
    ),
    "cc": (
        "Cc|Kopie (CC)|Copie à|Copia|Copie|Kopie|Kopia|Kopio|Kópia|Kopi|Kopija|DW|Másolatot kap|Másolat|Bilgi|Копия|Копія"
        "|Κοιν|抄送|副本|참조|CC"
    ),
    "subject": (
        "Subject|Betreff|Objet|Sujet|Assunto|Asunto|Oggetto|Onderwerp|Emne|Ämne|Aihe|Temat|Předmět|Predmet|Naslov|Tárgy"
        "|Konu|Тема|Subiectul|Subiect|Θέμα|件名|主题|主旨|제목|Perihal|Subjek|נושא"
    ),
    "reply-to": (
        "Reply-To|Reply to|Antwort an|Répondre à|Responder a|Risposta|Rispondi a|Antwoord aan|Odpowiedź do|Svar til|Svara till"
    ),
}
KIND_OF = {word.lower(): kind for kind, words in FIELDS.items() for word in words.split("|")}
_WRITTEN = "|".join(sorted((re.escape(each) for words in FIELDS.values() for each in words.split("|")), key=len, reverse=True))
JOINED = re.compile(rf"({_WRITTEN})\s?[:：]|(?<=[^\s(])({_WRITTEN})(?=\s)")
VERBS = (
    r"wrote|writes|schrieb|schreibt|geschrieben|écrit|ecrit|escribió|escribio|escribe|scritto|scrive|escreveu|escreve"
    r"|schreef|geschreven|skrev|kirjoitti|napisał(?:\(a\)|a)?|napísal(?:\(a\)|a)?|napsal(?:\(a\)|a)?|írta|yazdı|yazmış"
    r"|написал(?:\(а\)|а|и)?|пишет|писал(?:\(а\)|а)?|написав(?:\(ла\))?|написала|пише|scris|napisao(?:/la)?|napisala"
    r"|je napisao|έγραψε|menulis|viết|写道|寫道|写到|書きました|のメッセージ|작성|כתב(?:/ה)?|ha scritto"
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
    r"original message|ursprüngliche nachricht|original[- ]?nachricht|message d'origine|message d’origine|message original"
    r"|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|oorspronkelijke bericht"
    r"|oprindelig besked|oprindelig meddelelse|original meddelelse|originalmeddelelse|opprinnelig melding"
    r"|ursprungligt meddelande|originalmeddelande|alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna"
    r"|původní zpráva|pôvodná správa|eredeti üzenet|orijinal mesaj|özgün ileti|исходное сообщение|оригинальное сообщение"
    r"|пересылаемое сообщение|початкове повідомлення|mesaj original|mesajul original|izvorna poruka|originalna poruka"
    r"|αρχικό μήνυμα|元のメッセージ|原始邮件|原始郵件|邮件原件|원본 메시지"
)
FORWARDED = (
    r"forwarded message|fwd\.msg|weitergeleitete nachricht|message transféré|message réexpédié|mensaje reenviado"
    r"|mensagem encaminhada|mensagem reencaminhada|messaggio inoltrato|doorgestuurd bericht|e-?mail transféré"
    r"|mail transféré|videresendt besked|videresendt meddelelse|videresendt melding|vidarebefordrat meddelande"
    r"|vidarebefordrat mejl|edelleenlähetetty viesti|välitetty viesti|wiadomość przesłana dalej|przekazana wiadomość"
    r"|treść przekazanej wiadomości|przeposłana wiadomość|přeposlaná zpráva|přeposílaná zpráva|preposlaná správa"
    r"|továbbított üzenet|továbbított levél|iletilen ileti|iletilmiş mesaj|yönlendirilmiş ileti|перенаправленное сообщение"
    r"|пересланное сообщение|пересылаемое сообщение|переадресованное сообщение|переслане повідомлення"
    r"|перенаправлене повідомлення|mesaj redirecționat|mesaj redirectionat|proslijeđena poruka|prosleđena poruka"
    r"|προωθημένο μήνυμα|転送メッセージ|转发的邮件|转发邮件|轉寄郵件|轉寄的郵件|전달된 메시지|pesan terusan"
)
BEGINS = (
    r"begin forwarded message|anfang der weitergeleiteten nachricht|début du message réexpédié|début du message transféré"
    r"|inicio del mensaje reenviado|início da mensagem (?:re)?encaminhada|inizio messaggio inoltrato"
    r"|begin doorgestuurd bericht|start på videresendt besked|start på videresendt melding|vidarebefordrat mejl"
    r"|välitetty viesti alkaa|początek przekazywanej wiadomości|začátek přeposílané zprávy|začátek přeposlané zprávy"
    r"|začiatok preposlanej správy|továbbított levél kezdete|započni proslijeđenu poruku|videresendt melding"
    r"|ileti başlangıcı|iletilen ileti başlangıcı|початок листа, що пересилається|начало переадресованного сообщения"
    r"|начало переадресованного письма|початок переадресованого повідомлення|început mesaj redirecționat"
    r"|începe mesajul redirecționat|i̇letilmiş mesajın başlangıcı|iletilen mesajın başlangıcı"
    r"|転送されたメッセージ|开始转发的邮件|以下是转发的邮件"
    r"|開始轉寄郵件|전달된 메시지 시작"
)

_MOBILE = (
    r"(?:mobile|phone|cell|iphone|ipad|ipod|android|galaxy|blackberry|tablet|smartphone|samsung|huawei|xiaomi|nokia|pixel)"
)
_PROGRAM = (
    r"(?:iphone|ipad|ipod|android|outlook|mail|yahoo|samsung|galaxy|blackberry|windows|handy|smartphone|tablet|mobil|m[oó]vil"
    r"|portable|celular|cellulare|telefon|téléphone|tel[eé]fono|puhelime|телефон|смартфон|k-9|gmx|web\.de|thunderbird|proton)"
)
_EXCUSE = r"(?:[,.;!-]{1,2}\s*(?:please |kindly )?(?:excuse|pardon|forgive|sorry|apolog|typo|brevity)[^\n]{0,80})?"
_LINK = r"(?:\s*[<(\[]{0,2}\s*https?:[^\s]{0,200})?"
_LEADS_TO_PROGRAM = (
    r"(?:envoyé|expédié) (?:depuis|de|à partir de|avec|via)|(?:gesendet|geschrieben) (?:von|mit|über|aus)"
    r"|diese (?:nachricht|mail|e-mail) wurde (?:von|mit)|von mein\w{0,2}|(?:verzonden|verstuurd) (?:met|vanaf|via|door|van)"
    r"|enviad[oa] (?:desde|do|da|a partir d[eo]|pelo|mediante|con)|inviato (?:da|dal|con|tramite)"
    r"|(?:sendt|skickat|sent) (?:fra|från|med|via)|lähetetty|wysłan[eoya] (?:z|ze|przez)|odesl[áa]no z|odoslané z"
    r"|отправлено (?:с|из)|надіслано з|trimis de pe|poslano s|get|télécharge[rz]|obtenir|obt[eé]n(?:er|ha)?|scarica"
)
SENT_FROM = re.compile(
    r"[<(\[*_\s-]{0,6}(?:"
    rf"sent (?:from|via|with|using|by) (?:my |a |an |the )?"
    rf"(?:\[[^\]\n]{{1,60}}\](?:\([^)\s]{{1,200}}\))?|(?-i:[A-Z])[^\s.,]{{0,40}})(?: [^\s.,]{{1,30}}){{0,6}}{_LINK}"
    rf"|sent (?:from|via|with|using|by) (?:my |a |an )[^\s.,]{{1,30}}(?: [^\s.,]{{1,30}}){{0,5}}"
    rf"|sent (?:from|via|with|using|by) (?:my |a |an )?(?:[^\s.,]{{1,20}} ){{0,2}}{_MOBILE}(?: [^\s.,]{{1,20}}){{0,3}}"
    rf"|(?:\w+ )?from (?:my )?{_MOBILE}(?: [\w.]{{1,20}}){{0,3}}"
    rf"|(?:{_LEADS_TO_PROGRAM}) [^\n]{{0,50}}{_PROGRAM}[^\n]{{0,80}}"
    r"|outlook für [^\n]{1,80}|[^\n]{1,30}(?:ımdan|imden|umdan) gönderildi|從我的 [^\n]{1,30}傳送|[发發]自我的[^\n]{1,30}"
    r"|[^\n]{1,30}から送信|(?:나의|내) [^\n]{1,30}에서 보냄"
    rf"){_EXCUSE}[>)\].!*_\s]{{0,6}}",
    re.IGNORECASE,
)
