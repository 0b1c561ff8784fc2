//! What mail programs and people write around a text, in their languages.

/// `---- Forwarded message ----` and its like, and Apple's line.
pub(crate) const FORWARDED_LINES: &str = r"(?im)^[\s>]*(?:[-_*]{2,}\s*(?P<words>(?:forwarded|original|weitergeleitete|ursprüngliche|transféré|message|mensaje|messaggio|mensagem|doorgestuurd|oorspronkelijk|vidarebefordrat|przekazana|wiadomość|přeposlaná|пересылаемое|исходное|переслане|iletilen|orijinal|전달|원본|転送|元の|转发|原始|轉寄)[^\n]{0,60}?)\s*[-_*]{2,}|(?P<apple>begin forwarded message|anfang der weitergeleiteten nachricht|début du message réexpédié|전달된 메시지|轉寄的郵件|转发的邮件|転送されたメッセージ)\s*[:：])[^\S\n]*\n";

/// What the lines over a forwarded text are called, by the header that they stand for.
pub(crate) const LABELS: &[(&str, &[&str])] = &[
    (
        "from",
        &[
            "from",
            "von",
            "de",
            "da",
            "van",
            "från",
            "fra",
            "od",
            "от",
            "от кого",
            "від",
            "kimden",
            "gönderen",
            "보낸 사람",
            "보낸사람",
            "발신",
            "差出人",
            "送信元",
            "发件人",
            "寄件者",
            "寄件人",
            "từ",
            "dari",
        ],
    ),
    (
        "subject",
        &[
            "subject",
            "betreff",
            "objet",
            "asunto",
            "oggetto",
            "assunto",
            "onderwerp",
            "ämne",
            "emne",
            "temat",
            "předmět",
            "тема",
            "konu",
            "제목",
            "件名",
            "主题",
            "主旨",
            "主題",
            "tiêu đề",
            "chủ đề",
            "subjek",
            "perihal",
        ],
    ),
    (
        "date",
        &[
            "date",
            "sent",
            "datum",
            "gesendet",
            "envoyé",
            "fecha",
            "enviado",
            "enviado el",
            "data",
            "inviato",
            "verzonden",
            "skickat",
            "sendt",
            "wysłano",
            "odesláno",
            "дата",
            "отправлено",
            "надіслано",
            "tarih",
            "날짜",
            "보낸 날짜",
            "보낸날짜",
            "일시",
            "送信日時",
            "日時",
            "日期",
            "发送时间",
            "寄件日期",
            "ngày",
            "tanggal",
        ],
    ),
    (
        "to",
        &[
            "to",
            "cc",
            "bcc",
            "an",
            "à",
            "para",
            "a",
            "aan",
            "till",
            "til",
            "do",
            "dw",
            "komu",
            "кому",
            "копия",
            "kime",
            "받는 사람",
            "받는사람",
            "참조",
            "宛先",
            "收件人",
            "收件者",
            "抄送",
            "副本",
            "đến",
            "kepada",
            "reply-to",
            "message-id",
            "organization",
        ],
    ),
];

/// What such a line says of a text that was answered rather than forwarded.
pub(crate) const ORIGINAL: [&str; 8] = [
    "original",
    "ursprüngliche",
    "oorspronkelijk",
    "исходное",
    "원본",
    "元の",
    "原始",
    "orijinal",
];

/// A greeting, folded.
pub(crate) const GREETING: &str = r"^(?:(?:dear|hi|hello|hey|hiya|greetings|good (?:morning|afternoon|evening|day)|to whom it may concern|hallo|guten (?:tag|morgen|abend)|liebe[rs]?|sehr geehrte[rs]?|bonjour|bonsoir|salut|ch[eè]re?s?|hola|buenos d[ií]as|buenas (?:tardes|noches)|estimad[oa]s?|querid[oa]s?|ciao|buongiorno|salve|car[oaie]|gentil[ei]|egregi[oa]?|ol[aá]|prezad[oa]s?|bom dia|boa (?:tarde|noite)|beste|geachte|hej|kära|bästa|hei|kjære|cze[śs][ćc]|dzie[ńn] dobry|szanown[ia].*|drodzy|dobr[yý] den|ahoj|v[aá][zž]en[íi].*|здравствуйте|добрый день|привет|уважаем\S+|дорог\S+|вітаю|доброго дня|шановн\S+|merhaba|selam|sayın|değerli|xin chào|chào|kính gửi|thân gửi|halo|selamat (?:pagi|siang|sore|malam)|yth)(?: .*)?|안녕하(?:세요|십니까)(?: .*)?|.{0,30}(?:님|여러분|귀하|께)(?: 안녕하(?:세요|십니까))?|(?:皆様|皆さん|各位|お世話になっております).*|.{0,20}(?:様|さん|先生)|(?:你好|您好|大家好|各位|尊敬的|亲爱的|親愛的).{0,20})$";

/// A farewell, folded.
pub(crate) const FAREWELL: &str = r"^(?:(?:(?:best|kind|warm|many|with (?:best|kind|warm))(?: (?:best|kind|warm))? (?:regards|wishes)|(?:all the )?best|regards|sincerely|yours|yours (?:sincerely|truly|faithfully)|sincerely yours|cheers|thanks|thank you|many thanks|thanks (?:and|again|in advance)|take care|respectfully|love|see you|mit freundlichen gr[üu](?:ß|ss)en|(?:viele|beste|liebe|herzliche|freundliche) gr[üu](?:ß|ss)e|mfg|cordialement|bien cordialement|bien à vous|amicalement|salutations|saludos|un saludo|atentamente|cordialmente|saluti|cordiali saluti|distinti saluti|atenciosamente|abraços|cumprimentos|met vriendelijke groeten?|groeten|mvh|med vänliga hälsningar|hälsningar|vänliga hälsningar|pozdrawiam|z poważaniem|s pozdravem|с уважением|всего доброго|з повагою|saygılarımla|saygılar|trân trọng|thân ái|salam|hormat kami|terima kasih)(?: .{0,60})?|(?:감사합니다|고맙습니다)(?: .{0,40})?|.{0,20} (?:드림|올림|배상)|(?:よろしくお願い(?:いた)?します|よろしくお願い申し上げます|敬具|以上)|此致.{0,20}|敬上|谢谢.{0,10}|謝謝.{0,10}|祝好)$";

/// The line over a quote.
pub(crate) const OVER_A_QUOTE: &str = r"(?i)(?:\b(?:wrote|writes|said|schrieb|écrit|escribió|escreveu|ha scritto|schreef|skrev|napisał\(?a?\)?|napsal\(?a?\)?|пишет|написал\(?а?\)?|пише|написав|yazdı|şunları yazdı|đã viết|menulis)\b|작성|님이|쓴 글|のメール|さんは書きました|写道|寫道|wrote)[^\n]{0,80}[:：]\s*$";

/// What programs write under texts.
pub(crate) const BELOW_TEXTS: &str = r"(?i)^(?:sent from my |sent from (?:mail|outlook|yahoo|proton)|get outlook for |von meinem .{1,30} gesendet|envoyé de mon |enviado desde mi |enviado do meu |나의 \S+에서 보냄|내 \S+에서 보냄|iPhoneから送信|发自我的|to unsubscribe from (?:this|the) (?:.{0,40} )?(?:group|list)|you received this message because you are subscribed|for more options, visit|an html attachment was scrubbed|a non-text attachment was scrubbed|next part)";

/// What names the list under a rule.
pub(crate) const LIST_NAMED: &str =
    r"(?i)mailing list|listinfo|unsubscribe|mailman|list archives?|groups\.google|수신거부";

/// `Re:`, `Fwd:` and what programs write in other languages, with what counts the answers: `Re[2]:`, `RE (3):`.
pub(crate) const ANSWERS: &str = r"(?xi)^\s* (?P<kind>
            re | aw | antw | antwort | sv | vs | odp | res | rif | r[ée]f | rv | ynt | отв | ответ | відп | vá | bls | απ | σχετ | bz | atb | ats
          | 回复 | 回覆 | 答复 | 答覆 | 返信 | 답장 | 회신 | 응답
          | (?P<forwards> fwd? | wg | doorst | tr | enc | pd | vb | vl | vl[äå]st | i | ilt | i̇lt | пересл | перес | fs | továbbítás | trs | πρθ
          | 转发 | 轉寄 | 轉發 | 转寄 | 転送 | 전달 | 포워드 )
        ) \s* (?: \[\s?\d+\s?\] | \(\s?\d+\s?\) | \^\d+ | \*\d+ )? \s* [:：] \s*";

/// `[Fwd: …]`, as old programs forward, and `[답장]`.
pub(crate) const ANSWERS_IN_BRACKETS: &str = r"(?i)^\s*\[(?:(?:fwd?|re):\s*(?P<whole>.+)\]\s*$|(?:re|fwd?|답장|회신|전달)\]\s*(?P<rest>.+)$)";
