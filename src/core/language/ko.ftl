# 한국어. `**` 사이의 글을 강조한다. 키는 모든 언어가 같으며, 시험이 이를 비교한다.
# `$place`는 모든 글이 받는다: channel, private(한 사람과의 채팅), group, topic(그룹의 토픽), server.
# 조사가 앞 글자에 따라 달라지는 자리에는 밖에서 온 말을 두지 않는다. 시험이 이를 살핀다.

# 여기

this-channel =
    { $place ->
        [private] 이 채팅
        [group] 이 그룹
        [topic] 이 토픽
       *[other] 이 채널
    }
this-channel-first = { this-channel }
here-follows =
    { $place ->
        [private] 구독 중:
       *[other] { this-channel }의 구독:
    }
here-now-follows = { this-channel }에서
here-now-gets = { this-channel }의
here-follows-not =
    { $place ->
        [private] 구독하지 않는 섹션입니다:
       *[other] { this-channel }에서 구독하지 않는 섹션입니다:
    }
here-follows-no-longer = { this-channel }에서
here-now-watches = { this-channel-first }에서 지켜보기 시작했습니다:
here-watches =
    { $place ->
        [private] 지켜보는 단어:
       *[other] { this-channel }에서 지켜보는 단어:
    }
here-watches-no-longer =
    { $place ->
        [private] 이제 지켜보지 않습니다:
       *[other] { this-channel }에서 이제 지켜보지 않습니다:
    }
here-still-follows = 남은 구독:
it-follows = 구독 중:

# 날짜와 시각

month-short = { $month }월
month-long = { $month }월
weekday-short =
    { $weekday ->
        [1] 월
        [2] 화
        [3] 수
        [4] 목
        [5] 금
        [6] 토
       *[7] 일
    }
weekday-long = { weekday-short }요일
day = { $year }년 { month-short } { $day }일
day-of-week = { month-long } { $day }일 { weekday-long }
moment = { month-short } { $day }일({ weekday-short }) { $time }
moment-with-year = { $year }년 { month-short } { $day }일({ weekday-short }) { $time }
in-now = 곧
in-minutes = { $count }분 뒤
in-hours = { $count }시간 뒤
in-days = { $count }일 뒤
ago-now = 방금
ago-minutes = { $count }분 전
ago-hours = { $count }시간 전
ago-days = { $count }일 전

# 단어

on = 켜짐
off = 꺼짐
all-sections = 모든 섹션
catch-all-title = 그 밖의 소식
next-at = 다음 { $moment }
open-until = { $moment }까지 바로
then = 그다음: { $moments }.
next-roundup = 다음 모음: { $moment }({ $wait }), 그때까지 새 소식이 있으면 보냅니다.

# 명령 설명

command-latest = 섹션(또는 전체)의 최신 기사
command-read = 기사 하나 전체 보기
command-sections = 섹션 목록
command-search = 보관된 기사 검색: 단어, "구절", 앞부분*
command-subscribe = { this-channel }에서 섹션 구독
command-unsubscribe = 구독 취소
command-subscriptions =
    { $place ->
        [private] 구독 목록과 다음 시각
       *[other] { this-channel }의 구독과 다음 시각
    }
command-schedule = 모음이 오는 일정 바꾸기
command-filter = 섹션에서 받을 것 고르기: 단어, -단어, 또는 off
command-watch = 검색어 지켜보기: 단어가 모두 든 소식이 바로 옵니다
command-unwatch = 지켜보기 끝내기
command-timezone = { this-channel }의 시간대 보기·바꾸기
command-preview = 다음 모음 미리 보기
command-roundup = 다음 모음을 지금 올리기
command-pause = 소식 멈추기: 정한 때까지, 또는 다시 받을 때까지(놓치는 소식 없음)
command-resume = 소식 다시 받기
command-settings = { this-channel }에 올리는 글의 모양
command-suggest = 편집자에게 링크 보내기
command-forget = { this-channel }에 관한 모든 기록 지우기
command-status = 마지막 수집, 다음 모음, 대기, 문제
command-help = 봇 소개와 명령 목록
command-start = 봇 소개와 명령 목록

# 도움말과 실수

help = Tidings는 뉴스 모음을 채팅으로 전해 드립니다. 읽기: /latest, 찾기: /search, 섹션 구독: /subscribe
help-when = 일정: { $examples }
help-how-long = 기간: { $examples }
help-example = 예: { $example }
line-too-long = { $most }자를 넘었습니다. 더 짧게 써 주세요.
help-managers = 관리자는 이것도 쓸 수 있습니다:
help-own = 받아 볼 소식을 정하려면:
help-one = 명령 하나를 자세히: /help subscribe
not-a-command = 저는 /latest 같은 명령만 알아듣습니다. 명령 목록: /help
no-command = /{ $name } 명령은 없습니다. 명령 목록: /help
no-command-near = /{ $name } 명령은 없습니다. 혹시 /{ $near } 명령인가요? 명령 목록: /help
takes-nothing = /{ $name } 뒤에는 아무것도 쓰지 않습니다. 예: /{ $name }
managers-only = 이 명령은 { this-channel }의 관리자만 쓸 수 있습니다.
internal-error = 저희 쪽에 문제가 생겼습니다. 기록 번호는 { $number }입니다. 바뀐 것은 없습니다.
no-section = “{ $name }” 섹션은 없습니다. { $count }개 모두 보기: /sections
no-section-near = “{ $name }” 섹션은 없습니다. 혹시 **{ $near }**인가요? { $count }개 모두 보기: /sections
no-section-near-two = “{ $name }” 섹션은 없습니다. 혹시 **{ $near }** 또는 **{ $other }**인가요? { $count }개 모두 보기: /sections
which-section = 어느 섹션인가요? { $slugs } 중에서 고르세요(모두 받으려면 all). 예: /{ $command } { $example } daily 09:00
which-section-of-many = 어느 섹션인가요? { $slugs } 외 { $more }개 중에서 고르세요(모두 받으려면 all). 모두 보기: /sections, 예: /{ $command } { $example } daily 09:00
which-followed = 어느 섹션인가요? { here-follows } { $slugs }. 예: /{ $command } { $example }
which-followed-of-many = 어느 섹션인가요? { here-follows } { $slugs } 외 { $more }개. 모두 보기: /subscriptions, 예: /{ $command } { $example }
not-a-count = “{ $got }” 대신 1부터 { $most }까지의 수를 쓰세요. 예: /latest 5
left-over = “{ $rest }” 부분은 알 수 없습니다. 이 명령은 섹션 하나만 받습니다. 예: /unsubscribe { $slug }

# 일정

when-missing = 언제인가요? 예: { $command } { $example }
when-unknown = “{ $got }” 같은 일정은 없습니다. 쓸 수 있는 일정: { $names }. 예: { $command } { $example }
when-unknown-near = “{ $got }” 같은 일정은 없습니다. 혹시 **{ $near }**인가요? 예: { $command } { $example }
when-not-a-time = “{ $got }” 같은 시각은 없습니다. 예: { $command } { $example }
when-missing-time = “{ $got }”에는 시각도 필요합니다. 예: { $command } { $example }
when-unknown-day = “{ $got }” 같은 요일은 없습니다. 예: { $command } { $example }
when-missing-day = “{ $got }”에는 날도 필요합니다. 예: { $command } { $example }
when-empty-window = “{ $got }”: 시작과 끝이 같습니다. 하루 종일이면 **instant**, 하루 중 일부면: { $command } { $example }
when-not-a-day-of-month = “{ $got }” 같은 날짜는 없습니다. 1부터 31까지 쓸 수 있습니다. 예: { $command } { $example }
when-cron-fields = cron은 다섯 칸(분, 시, 일, 월, 요일)인데 “{ $got }”에는 { $count }칸이 있습니다. 예: { $command } { $example }
when-cron-long = cron 표현이 너무 깁니다. 예: { $command } { $example }
when-cron-field = cron의 { $field } 칸에는 “{ $text }” 같은 값을 쓸 수 없습니다. 예: { $command } { $example }
when-cron-step = cron의 { $field } 칸에 쓴 “{ $text }” 간격이 칸 전체보다 길어 뜻한 때에 오지 않습니다. 예: { $command } { $example }
when-cron-wraps = cron에서는 “{ $text }”처럼 거꾸로 쓸 수 없고 둘로 나누어 씁니다. 예: { $command } { $example }
cron-minute = 분
cron-hour = 시
cron-day-of-month = 일
cron-month = 월
cron-day-of-week = 요일
cron-pattern = 표현
when-several = “{ $got }”: **{ $first }** 또는 **{ $second }** 중 무엇인가요? 예: { $command } { $example }
when-several-both = “{ $got }”: **{ $first }** 또는 **{ $second }** 중 무엇인가요? 모두라면: { $command } { $example }
when-nearest = “{ $got }”에 꼭 맞는 일정은 없습니다. 가까운 것: **{ $first }** 또는 **{ $second }**. 예: { $command } { $example }
when-twice = “{ $got }”: 일주일에 두 번이라면 **{ $first }**. 2주에 한 번은 할 수 없고, 가까운 것은 매월 1일과 15일, **{ $second }**. 예: { $command } { $example }
when-every-second-week = “{ $got }”처럼 한 주를 건너뛰는 일정은 없습니다. 가까운 것: 매주, **{ $first }**, 또는 매월 1일과 15일, **{ $second }**. 예: { $command } { $example }
when-once = “{ $got }”: 그때부터 계속이라면 **{ $example }**. 한 번만은 할 수 없습니다. 일정은 되풀이됩니다. 예: { $command } { $example }
when-zoned = 시각은 { this-channel }의 시간대({ $zone })로 읽습니다. 다르면 /timezone { $zones } 명령으로 바꾼 뒤 이렇게 쓰세요: { $command } { $example }
when-zoned-unclear = 시각은 { this-channel }의 시간대({ $zone })로 읽습니다. “{ $got }”에 해당할 수 있는 시간대: { $zones }. /timezone { $near } 명령으로 정한 뒤 이렇게 쓰세요: { $command } { $example }
when-never = “{ $got }”에 맞는 날은 오지 않습니다. 예: { $command } { $example }
when-too-many = “{ $got }” 부분은 알 수 없습니다. 예: { $command } { $example }

# 읽기

latest-of-all = 최신 기사
latest-note = { $total }건 중 { $to }건, 최신순
latest-note-older = { $total }건 중 { $from }–{ $to }번째, 최신순
latest-note-single = { $total }건 중 { $to }번째, 최신순
latest-empty = 아직 수집된 소식이 없습니다.
latest-empty-section = { $title }에는 아직 소식이 없습니다.
latest-end-of-all = 여기까지가 전부입니다.
latest-end = { $title }의 소식은 여기까지입니다.
read-what = 어느 기사인가요? 제목 옆의 번호를 쓰세요. 예: /read 1
read-not-a-number = “{ $got }” 같은 기사 번호는 없습니다. 번호는 제목 옆에 있습니다. 예: /read 1
read-no-item = { $number }번 기사는 없습니다. 최신 기사: /latest
read-gone = { $number }번 기사는 보관함에 더 이상 없습니다. 최신 기사: /latest
read-source = 출처 { $source }
read-waits = 편집자를 기다리는 기사입니다. 독자는 아직 볼 수 없습니다.
read-reports = 같은 소식을 전한 곳:
read-story = 다른 곳의 같은 소식 { $count }건:
read-there = 웹에서 보기: { $url }
read-before = 앞선 소식:
read-next = { $pages }쪽 중 { $page }쪽 · 다음: /read { $number } { $next }
read-no-page = { $number }번 기사는 { $pages }쪽까지 있습니다. 예: /read { $number }
answer-more = { $count }건이 더 있지만 여기에 다 담을 수 없습니다. 한 번에 더 적게 요청해 주세요.
sections-title = 섹션 { $count }개
sections-note = 기사 { $items }건
sections-more = 더 오래된 기사가 든 섹션이 { $count }개 더 있습니다. 이름의 일부로 찾습니다: /latest 이름
sections-items =
    { $count ->
        [0] 비어 있음
       *[other] { $count }건
    }
search-what = 무엇을 찾을까요? 예: /search "실무 협상" 제네바
search-ask = 무엇을 찾을까요? 찾을 단어를 이 메시지에 대한 답장으로 보내 주세요.
search-how = /search 뒤에 찾을 단어를 적어 주세요. 예: /search 특사
question-too-much = 찾는 데 너무 오래 걸립니다. 더 긴 단어나 더 적은 단어로 다시 찾아 주세요.
search-too-much = 한 번에 찾기에는 너무 깁니다. 단어는 { $words }개, 글자는 { $letters }자까지 쓸 수 있습니다.
search-no-word = “{ $words }”에는 찾을 단어가 없습니다. 예: /search 회담
search-nothing = “{ $words }” 검색 결과가 없습니다. 가장 최근 기사는 { $newest } 것입니다. 단어를 줄이거나 회담*처럼 앞부분만 쓰면 더 찾을 수 있습니다.
search-nothing-word = “{ $words }” 검색 결과가 없습니다. 가장 최근 기사는 { $newest } 것입니다. 앞부분만으로 찾으려면: { $search }
search-nothing-short = “{ $words }” 검색 결과가 없습니다. 가장 최근 기사는 { $newest } 것입니다. 최신 기사: /latest
search-end = “{ $words }”의 결과는 여기까지입니다.
search-title = 검색: { $words }
search-note = { $from }–{ $to }번째, 최신순
search-note-single = { $to }번째, 최신순
search-note-all = 모두 { $to }건, 최신순

# 제안

suggest-what = 어떤 링크인가요? 예: /suggest https://example.org/news
suggest-no-link = 이 메시지에는 링크가 없습니다.
suggest-not-public = 다른 사람이 읽을 수 있는 공개된 웹의 링크가 아닙니다. 예: /suggest https://example.org/news
suggest-long = 링크가 너무 길어서 보낼 수 없습니다. { $most }자까지 보낼 수 있습니다.
suggest-known = 이미 있는 소식입니다: “{ $title }”. { $read } 명령으로 볼 수 있습니다.
suggest-again = 편집자가 이미 받은 링크입니다.
suggest-sent = 편집자에게 보냈습니다. { $left ->
        [0] 내일 다시 제안할 수 있습니다.
       *[other] 오늘 { $left }건 더 제안할 수 있습니다.
    }
suggest-enough = 하루에 제안할 수 있는 링크 { $most }건을 오늘 모두 보냈습니다. 다시 제안할 수 있는 때: { $moment } ({ $zone }).
suggest-nobody = 제안을 받을 사람이 없습니다. 운영자가 정한 편집자가 없습니다.
suggestion-title = **{ $platform } 독자의 제안:**
message-suggest = 뉴스 모음에 제안하기
only-alone = /{ $name } 명령은 저와의 개인 채팅에서 써 주세요.
only-alone-there = /{ $name } 명령은 저와의 개인 채팅에서 써 주세요: { $url }

# 구독

subscribed = { here-now-follows } **{ $title }** 구독을 시작했습니다: { $when } ({ $zone }). 다음 모음: { $next }({ $wait }), 그때까지 새 소식이 있으면 보냅니다.
subscribed-instant = { here-now-follows } **{ $title }** 구독을 시작했습니다: { $when }. 새 기사를 수집하는 대로 보냅니다.
rescheduled = { here-now-gets } **{ $title }** 일정을 바꿨습니다: { $when } ({ $zone }). 다음 모음: { $next }({ $wait }), 그때까지 새 소식이 있으면 보냅니다.
times-in = 시각은 { $zone } 기준입니다. 바꾸려면: /timezone { $example }
subscribed-window = { here-now-follows } **{ $title }** 구독을 시작했습니다: { $when } ({ $zone }). { $from }부터 { $to }까지는 새 기사를 수집하는 대로 보내고, 그 밖의 소식은 { $from }에 모아 보냅니다. { $state }
rescheduled-window = { here-now-gets } **{ $title }** 일정을 바꿨습니다: { $when } ({ $zone }). { $from }부터 { $to }까지는 새 기사를 수집하는 대로 보내고, 그 밖의 소식은 { $from }에 모아 보냅니다. { $state }
window-is-open = 지금은 { $end }까지 바로 보냅니다. 그다음: { $next }({ $wait }).
window-is-closed = 다음: { $next }({ $wait }).
rescheduled-instant = { here-now-gets } **{ $title }** 일정을 바꿨습니다: { $when }. 새 기사를 수집하는 대로 보냅니다.
already-subscribed =
    { $place ->
        [private] 이미
       *[other] { this-channel }에서 이미
    } **{ $title }** 구독 중입니다: { $when } ({ $zone }). 일정을 바꾸려면: /schedule { $slug } { $example }
already-subscribed-instant =
    { $place ->
        [private] 이미
       *[other] { this-channel }에서 이미
    } **{ $title }** 구독 중입니다: { $when }. 바꾸려면: /schedule { $slug } { $example }
schedule-not-subscribed = { here-follows-not } { $title }. 구독하려면: /subscribe { $slug } { $when }
not-subscribed = { here-follows-not } { $title }. { it-follows } { $left }.
unsubscribe-left-out = { $title } 소식은 이제 오지 않습니다. 모든 섹션 구독의 필터가 빼고 있습니다.
unsubscribe-with-all = 모든 섹션을 구독 중이라 { $title } 소식도 함께 옵니다. 빼려면: { $filter }. 섹션을 골라 받으려면: /unsubscribe all, 그다음 예를 들어 /subscribe { $slug }
unsubscribed = { here-follows-no-longer } { $title } 구독을 취소했습니다. { here-still-follows } { $left }.
unsubscribed-still-with-all = { $title } 구독을 취소했습니다. 다만 모든 섹션 구독에 들어 있어 계속 옵니다. 거기서도 빼려면: { $filter }
unsubscribed-last = { here-follows-no-longer } { $title } 구독을 취소했습니다. 남은 구독이 없습니다.
unsubscribed-on-its-way = 먼저 만들어진 메시지 { $count }건은 이미 보내는 중이라 그대로 도착합니다.
follows-nothing =
    { $place ->
        [private] 아직
       *[other] { this-channel }에서 아직
    } 구독하는 것이 없습니다. 예: /subscribe { $slug } daily 09:00
follows-nothing-reader =
    { $place ->
        [private] 아직
       *[other] { this-channel }에서 아직
    } 구독하는 것이 없습니다.
filter-set = { here-now-gets } **{ $title }** 소식은 이제 필터에 맞는 것만 옵니다: { $filter }. 걸러진 기사는 나중에도 오지 않습니다. 없애려면: /filter { $slug } off
filter-set-none = **{ $title }** 필터를 없앴습니다. 이제 모두 옵니다.
filter-is = **{ $title }** 필터: { $filter }. 없애려면: /filter { $slug } off
filter-is-none = **{ $title }**에는 필터가 없어 모두 옵니다. 정하려면(원하지 않는 것 앞에는 -): /filter { $slug } 회담, 특사, -오징어
filter-comes-with-all = { $title } 소식은 모든 섹션 구독으로 오므로 따로 필터가 없습니다. 빼려면: { $filter }. 따로 구독하려면: /subscribe { $slug }
filter-too-much = 필터로 쓰기에는 너무 깁니다. 단어나 구절은 { $terms }개, 글자는 { $letters }자까지 쓸 수 있습니다. 바뀐 것은 없습니다.
filter-no-word = “{ $got }”에는 필터로 쓸 단어가 없습니다. 예: /filter { $slug } 회담
filter-lone-minus = 빼기표는 원하지 않는 단어 바로 앞에 붙입니다. “{ $got }”에는 뒤에 단어가 없는 것이 있습니다. 예: /filter { $slug } -오징어
filter-both = “{ $term }”: 원하는 단어이면서 원하지 않는 단어일 수는 없습니다. 바뀐 것은 없습니다.
filter-section-in-section = “#{ $name }”처럼 #을 붙이면 섹션을 뜻하며 /filter all 명령에서만 쓸 수 있습니다. 단어라면 # 없이 쓰세요: /filter { $slug } { $name }
filtered-by = 필터: { $filter }
left-out = 필터에 걸러진 기사: { $count }건
watched = { here-now-watches } **{ $title }**, { $when } ({ $zone }). 다음 모음: { $next }({ $wait }), 그때까지 새 소식이 있으면 보냅니다.
watched-instant = { here-now-watches } **{ $title }**, { $when }. 어느 섹션이든 단어가 모두 든 새 기사를 수집하는 대로 보냅니다.
watched-window = { here-now-watches } **{ $title }**, { $when } ({ $zone }). { $from }부터 { $to }까지는 단어가 모두 든 새 기사를 수집하는 대로 보내고, 그 밖의 소식은 { $from }에 모아 보냅니다. { $state }
rewatched = { here-now-gets } **{ $title }** 지켜보기 일정을 바꿨습니다: { $when } ({ $zone }). 다음 모음: { $next }({ $wait }), 그때까지 새 소식이 있으면 보냅니다.
rewatched-instant = { here-now-gets } **{ $title }** 지켜보기 일정을 바꿨습니다: { $when }. 단어가 모두 든 새 기사를 수집하는 대로 보냅니다.
rewatched-window = { here-now-gets } **{ $title }** 지켜보기 일정을 바꿨습니다: { $when } ({ $zone }). { $from }부터 { $to }까지는 단어가 모두 든 새 기사를 수집하는 대로 보내고, 그 밖의 소식은 { $from }에 모아 보냅니다. { $state }
already-watched = 이미 지켜보고 있습니다: “{ $words }”, { $when }. 일정을 바꾸려면: /watch { $typed } daily 18:00
unwatched = { here-watches-no-longer } { $title }.
watch-named = “{ $words }”
watch-named-quoted = { $words }
watch = 지켜보기
hint-unwatch = 끝내기: { $unwatch }
watch-what = 무엇을 지켜볼까요? 단어가 모두 들어 있어야 합니다. 예: /watch "실무 협상" 특사
watch-no-word = “{ $words }”에는 지켜볼 단어가 없습니다. 예: /watch 회담
watch-all = 지켜보기에는 단어가 필요합니다. 모두 받으려면: /subscribe all, 그중에서 고르려면 /filter all
watch-minus = 지켜보기에는 빼기표가 없습니다. 단어가 모두 든 것이 옵니다. 빼려면: /subscribe all, 그다음 /filter all { $words }
watch-common = 최신 기사 { $of }건 가운데 { $count }건에 “{ $words }” 검색어가 들어 있어 지켜보기에는 너무 많습니다. 이렇게 해 보세요: /subscribe all, 그다음 { $filter }
watch-too-many = { this-channel }에서는 이미 { $most }개를 지켜보고 있어 더 늘릴 수 없습니다. 하나를 끝내려면 /unwatch, 모두 보려면 /subscriptions
watches-nothing = { this-channel }에서 지켜보는 단어가 없습니다. 시작하려면: /watch 회담
which-watched = 어느 것인가요? { here-watches } { $watches }. 예: { $unwatch }
not-watched = “{ $words }”: 지켜보지 않는 단어입니다. { here-watches } { $watches }. 예: { $unwatch }
roundup-watch = (지켜보기: { $words })
roundup-more-watched = { $count }건 더: { $search }
subscriptions-title =
    { $place ->
        [private] 구독 목록
       *[other] { this-channel }의 구독
    }
subscriptions-zone = { $zone } 기준
timezone-is = { this-channel }의 시간대는 **{ $zone }**이고, 그곳은 지금 { $time }입니다. 바꾸려면: /timezone Asia/Seoul
timezone-set = { this-channel }의 시간대는 이제 **{ $zone }**이고, 그곳은 지금 { $time }입니다.
no-zone = “{ $got }” 시간대는 없습니다. 시간대는 Asia/Seoul, America/New_York처럼 씁니다.
no-zone-near = “{ $got }” 시간대는 없습니다. 혹시 { $near }인가요? 예: /timezone { $first }
no-zone-hint = “{ $got }”만으로는 시간대를 정할 수 없습니다. 이런 시간대일 수 있습니다: { $near }. 예: /timezone { $first }
paused = { this-channel }에 소식 보내기를 멈췄습니다. 그동안의 소식은 보관합니다. 다시 받으려면: /resume
paused-until = { this-channel }에 { $until }({ $zone }, { $wait })까지 소식을 보내지 않습니다. 그동안의 소식은 보관했다가 그때 보냅니다. 더 일찍 받으려면: /resume
pause-until-now = 이제 { this-channel }에 { $until }({ $zone }, { $wait })까지 소식을 보내지 않습니다. 더 일찍 받으려면: /resume
pause-endless-now = 이제 /resume 명령을 쓸 때까지 { this-channel }에 소식을 보내지 않습니다.
paused-since = { this-channel }에는 { $since }부터 소식을 보내지 않고 있습니다. 다시 시작하려면: /resume
paused-since-until = { this-channel }에는 { $since }부터 소식을 보내지 않고 있으며, { $until }에 다시 보냅니다. 더 일찍 받으려면: /resume
paused-by-platform = { $since }부터 { this-channel }에 소식을 보내지 못하고 있습니다: { $reason }. 계속 다시 시도합니다. 지금 시도하려면: /resume
reason-blocked = 봇이 차단되었습니다
reason-removed = 봇이 내보내졌습니다
reason-removed-from-server = 봇이 서버에서 내보내졌습니다
reason-may-not-write = 봇에게 여기에 글을 쓸 권한이 없습니다
reason-no-administrator = 봇이 채널의 관리자가 아닙니다
reason-may-not-post = 봇에게 채널에 글을 올릴 권한이 없습니다
reason-channel-deleted = 채널이 삭제되었습니다
reason-thread-deleted = 스레드가 삭제되었습니다
reason-topic-closed = 토픽이 닫혀 있습니다
reason-topic-deleted = 토픽이 삭제되었습니다
reason-thread-locked = 스레드가 잠겨 있습니다
reason-takes-no-messages = 봇의 개인 메시지를 받지 않도록 설정되어 있습니다
reason-no-messages = 이런 채널에는 글을 올릴 수 없습니다
reason-unseen = 이곳이 저에게 보이지 않습니다
reason-lacking = 그곳에 필요한 권한이 없습니다
paused-until-now = { $since }부터 { this-channel }에 소식을 보내지 못했습니다: { $reason }. 지금 다시 시도합니다.
still-paused = 다만 { this-channel }에는 소식 보내기가 멈춰 있습니다. 다시 시작하려면: /resume
still-paused-until = 다만 { this-channel }에는 { $until }까지 소식 보내기가 멈춰 있습니다. 더 일찍 시작하려면: /resume
not-paused = { this-channel }에는 소식 보내기가 멈춰 있지 않습니다.
resumed = 소식을 다시 보냅니다. 다음 모음: { $moment }({ $wait }), 그때까지 새 소식이 있으면 보냅니다.
resumed-late = 소식을 다시 보냅니다. 그동안의 소식은 모음 하나로 보내 드립니다.
resumed-now = 소식을 다시 보냅니다.
how-long-unknown = “{ $got }” 같은 기간이나 시각은 알 수 없습니다. 예: /pause 3일, /pause 월요일까지, /pause 18:00까지
how-long-not-a-time = “{ $got }” 같은 시각은 없습니다. 예: /pause 18:00까지
how-long-zero = 멈출 기간이 0입니다. 예: /pause 3일
how-long-too-long = 길어도 1년까지만 멈출 수 있습니다. 예: /pause 2주. /resume 명령을 쓸 때까지 멈추려면: /pause
how-long-past = “{ $got }”: 이미 지난 시각입니다. 예: /pause 3일
how-long-either = “{ $got }”: **{ $first }** 또는 **{ $second }**일 수 있습니다. 이렇게 쓰세요: /pause { $nearer }까지 또는 /pause { $later }까지
pause-examples = 12시간 · 3일 · 2주 · 월요일까지 · 18:00까지
forget-sure =
    { $count ->
        [0] { this-channel }의 모든 설정을 완전히 지웁니다. 계속하려면: /forget yes
       *[other] { this-channel }의 구독 { $count }개와 모든 설정을 완전히 지웁니다. 계속하려면: /forget yes
    }
forgotten = { this-channel }에 관한 기록을 모두 지웠습니다. 새로 시작하려면: /subscribe
nothing-to-forget = { this-channel }에 관해 보관하는 것이 없습니다.

# 설정

settings-title = { this-channel }의 설정
setting-style = 모음에 보일 것: headlines(제목) 또는 summaries(요약)
setting-style-now = 모음에 보일 것
setting-style-cards = 모음에 보일 것: headlines(제목), summaries(요약), cards(사진이 있는 카드)
setting-silent = 소리 없이 올리기
setting-previews = 링크 미리보기 보이기
setting-role = 모음에서 멘션할 역할
setting-locale = 언어: en 또는 ko
setting-locale-now = 여기에 올리는 글의 언어
setting-cap = 모음 하나의 최대 기사 수
setting-publish = 팔로워에게도 발행하기
setting-duplicates = 같은 소식을 첫 기사만이 아니라 모두 받기
setting-corrections = 출처가 고치거나 철회한 소식을 올린 글에서도 고치기
setting-buttons = 모음 아래의 버튼과 메뉴
setting-discuss = 모음마다 이야기를 나눌 스레드 열기
entry-also = 같은 소식: { $sources }
setting-is = { $name } 설정: **{ $value }** · { $about }
setting-set = { $name } 설정을 바꿨습니다: **{ $value }** · { $about }
setting-not-here = “{ $name }” 설정은 여기에서 쓰이지 않습니다. 바꿀 수 있는 설정: { $names }.
no-setting = “{ $got }” 설정은 없습니다. 바꿀 수 있는 설정: { $names }. 예: /settings style summaries
cards-not-here = 여기에서는 카드를 쓸 수 없습니다. style에 쓸 수 있는 값: { $choices }. 예: /settings style summaries
bad-setting = { $name }에 “{ $got }” 값은 쓸 수 없습니다. 쓸 수 있는 값: { $choices }. 예: /settings { $name } { $example }

# 모음

roundup-title = 뉴스 모음 · { $day }
roundup-title-late = 밀린 모음 · { $day }
roundup-title-instant = 새 소식 · { $day }
roundup-count = 기사 { $count }건
roundup-next = 다음:
roundup-more = { $count }건 더: /latest { $slug }
review-title = { $source }: 내보내기 전
review-title-over = { $source }
review-waits =
    { $count ->
        [1] 기사 { $count }건이 기다립니다. 보류하지 않으면 { $moment }에 나갑니다.
       *[other] 기사 { $count }건이 기다립니다. 보류하지 않으면 { $moment }부터 나갑니다.
    }
review-held = 편집자가 내보낼 때까지 보류된 기사: { $count }건
review-item-held = 보류
review-out = 나갔습니다.
review-hidden = 나갈 때가 되었지만 섹션이 숨겨져 있습니다. 섹션을 다시 표시할 때까지 아무도 보지 못하며, 그때도 알리지 않습니다.
review-section-hidden = 숨김
review-withdrawn = 철회했습니다.
review-published-by = { $editor } 님이 내보냄, { $at }
review-held-by = { $editor } 님이 보류함, { $at }
review-withdrawn-by = { $editor } 님이 철회함, { $at }
review-dropped-by = { $editor } 님이 기사 하나를 뺌, { $at }
review-moved-by = { $editor } 님이 기사 하나를 옮김, { $at }
button-choose = 빼거나 옮기기…
button-drop = 빼기
button-move = { $section } 섹션으로 옮기기
choose = 고르기…
review-which = 어느 기사인가요?
review-which-of = 어느 기사인가요? { $count }건 가운데 { $first }–{ $last }번째:
review-more = { $count }건 더 있습니다. 모두 보려면: “{ button-choose }”
review-more-out = { $count }건 더 있습니다.
review-what = “{ $title }”: 뺄까요, 다른 섹션으로 옮길까요?
review-dropped = “{ $title }” 기사를 뺐습니다. 아무도 보지 못합니다.
review-moved = “{ $title }” 기사를 옮겼습니다. { $section } 섹션으로 나갑니다.
review-undone-drop = 다시 기다립니다.
review-undone-move = 원래 섹션으로 돌아갔습니다.
button-publish = 지금 내보내기
button-hold-back = 보류
button-withdraw = 철회
button-undo = 되돌리기
only-editors = 편집자만 할 수 있습니다. 편집자는 운영자가 정합니다.
review-published = 기사 { $count }건이 지금 나갑니다.
review-published-hidden = 나갈 때가 되었지만 섹션이 숨겨져 있습니다. 섹션을 다시 표시할 때까지 아무도 보지 못하며, 그때도 알리지 않습니다.
review-held-back = 편집자가 내보낼 때까지 기사 { $count }건을 보류합니다.
review-taken-back = 기사 { $count }건을 철회했습니다. 이미 올린 글에서는 줄을 긋습니다.
review-overtaken = 메시지가 쓰인 뒤에 바뀐 것이 있어서 아무것도 하지 않았습니다. 지금 상태는 그 메시지에 다시 적혀 있습니다.
review-done-already = 할 일이 없습니다. 시간이 되었거나 다른 편집자가 먼저 했습니다.
review-undone-hold = 보류를 풀었습니다. 다시 보류하지 않으면 { $moment }에 나갑니다.
review-undone-hold-now = 보류를 풀었습니다. 그사이 나갈 때가 되어 지금 나갑니다.
review-undone-withdrawal = 다시 읽을 수 있습니다. 새로 알리지는 않습니다.
review-nothing-to-undo = 되돌릴 것이 없습니다.
button-correct = 정정
button-move-item = 옮기기
button-split = 떼어 내기
button-join = 합치기
button-restore = 복원
button-more-choices = 더 보기…
button-fewer-choices = ◂ 뒤로
edit-correct-title = #{ $number } 정정
edit-correct-how = 이 메시지에 답장으로 바른 제목을 써 주세요. 쓰지 않은 것은 그대로 둡니다.
edit-correct-summary = • 둘째 문단은 요약이 됩니다. “-”만 쓰면 지웁니다. 길면 +로 시작하는 답장에 이어서 써 주세요.
edit-correct-link = • 마지막 줄의 주소는 링크가 됩니다. “링크: -”라고 쓰면 지웁니다.
edit-correct-now = 지금은 이렇습니다:
edit-join-title = #{ $number } 기사를 다른 이야기에 합치기
edit-join-how = 이 메시지에 답장으로 같은 이야기를 전하는 기사의 번호를 써 주세요.
edit-title = 제목
edit-summary = 요약
edit-link = 링크
edit-number = 같은 이야기를 전하는 기사의 번호
edit-where = “{ $title }” 기사를 어느 섹션으로 옮길까요?
edit-corrected = 이렇게 정정했습니다: “{ $title }”. 출처에서 달리 전해도 그대로 둡니다. 이미 올린 글도 고칩니다.
edit-moved = “{ $title }” 기사를 { $section } 섹션으로 옮겼습니다. 출처에서 달리 두어도 그대로 둡니다. 새로 알리지는 않습니다.
edit-withdrawn = “{ $title }” 기사를 철회했습니다. 이미 올린 글에서는 줄을 긋습니다.
edit-restored = “{ $title }” 기사를 다시 읽을 수 있습니다. 새로 알리지는 않습니다.
edit-split = “{ $title }” 기사를 이야기에서 떼어 냈습니다.
edit-joined = “{ $title }” 기사와 #{ $other } 기사는 이제 한 이야기입니다.
edit-is-withdrawn = “{ $title }” 기사는 철회되었습니다.
edit-undone-correction = 전에 쓰인 대로 돌아갔습니다.
edit-undone-restoring = 다시 철회했습니다.
edit-undone = 되돌렸습니다.
edit-undone-by = 이미 되돌렸습니다. { $editor }, { $at }
edit-gone = 그 번호의 기사는 없습니다.
edit-no-number = “{ $got }” 같은 기사 번호는 없습니다. 번호는 제목 옆에 있습니다. 예: 12
edit-number-missing = 기사 번호를 쓰지 않았습니다. 번호는 제목 옆에 있습니다. 예: 12
edit-unchanged = 이미 그렇습니다. 바꾼 것이 없습니다.
edit-overtaken = 그사이에 바뀌어서 아무것도 하지 않았습니다. 다시 살펴봐 주세요.
edit-since = 마지막으로 한 일: { $deed }, { $editor }, { $at }
edit-final = 그것은 되돌릴 수 없습니다.
edit-untitled = 제목에는 글자나 숫자가 있어야 합니다.
edit-too-long = 너무 깁니다. 제목은 300자, 요약은 10,000자까지입니다.
edit-no-link = 주소가 아닙니다. https:// 또는 http:// 로 시작해야 합니다.
edit-no-section = 그런 섹션이 없습니다. 섹션 목록: /sections
edit-hidden = 섹션이 숨겨져 있어 아무도 읽지 못합니다. 운영자가 섹션을 다시 표시하면 바꿀 수 있습니다.
edit-alone = 함께 묶인 다른 기사가 없습니다.
edit-one-story = 두 기사는 이미 한 이야기로 묶여 있습니다.
edit-unread = 철회했거나 아직 기다리는 기사라 독자가 볼 수 없습니다. 독자가 볼 수 있는 기사만 합칠 수 있습니다.
deed-operator = 운영자
deed-you = 본인
more-there = { $count }건 더: { $url }
roundup-corrected = { $time } 수정
roundup-loading = 먼저 기사를 수집하고 있습니다. 새 기사가 있으면 끝나는 대로 모음을 보냅니다.
roundup-posted = 모음을 지금 보냅니다. 예정된 모음에는 다시 넣지 않습니다.
preview = 지금 보낸다면 다음 모음은 이렇습니다:
preview-nothing = 구독을 시작한 뒤로 들어온 새 소식이 없습니다.
preview-nothing-since = { $moment } 모음 뒤로 들어온 새 소식이 없습니다.
preview-sent = 미리 보기를 개인 채팅으로 보냈습니다.
preview-alone = 미리 보기는 요청한 사람에게만 보입니다. 먼저 저와의 개인 채팅에서 /start 명령을 보낸 뒤 여기에서 다시 요청해 주세요.
preview-elsewhere = 미리 보기는 요청한 사람에게만 보입니다. 저와의 개인 채팅에서 쓰세요: /preview { $chat }
preview-sample = 최신 기사로 만들면 이런 모습입니다:

# 상태

status-not-loaded = 아직 수집한 것이 없습니다.
status-loaded = 마지막 수집: { $ago }(출처 { $sources }곳, 기사 { $items }건).
status-follows-nothing =
    { $place ->
        [private] 아직
       *[other] { this-channel }에서
    } 구독하는 것이 없어 예정된 모음도 없습니다.
status-instant-until = { $moment }까지는 소식을 수집하는 대로 { this-channel }에 보내고, 그 뒤의 소식은 { $next }에 모아 보냅니다.
status-instant = 소식을 수집하는 대로 { this-channel }에 보냅니다.
status-queue-empty = 보내려고 대기 중인 글이 없습니다.
status-queue = 여기로 보낼 글 { $waiting }건이 대기 중입니다. 가장 오래된 글은 { $oldest } 만들었습니다.
status-dead = 대기 중인 글은 없지만 { $dead }건이 거부되어 보내지 못했습니다. 이유는 운영자가 볼 수 있고, 다시 보낼 수도 있습니다.
status-queue-dead = 대기 중인 글 { $waiting }건(가장 오래된 글: { $oldest }), 거부되어 보내지 못한 글 { $dead }건. 이유는 운영자가 볼 수 있고, 다시 보낼 수도 있습니다.
status-uncorrected = 정정하지 못한 글: { $count }건
status-platform-trouble = { $platform }: { $ago }부터 제 메시지가 제대로 전달되지 않고 있습니다. 대기 중인 글은 없어지지 않으며 계속 다시 시도합니다.
status-source-new = 출처 { $source }: 아직 수집하지 않았습니다.
status-source-only = 출처 { $source }: 정상.
status-source-only-next = 출처 { $source }: 정상, 다음 수집 { $next }.
status-source = 출처 { $source }: 정상, 마지막 수집 { $ago }.
status-source-next = 출처 { $source }: 정상, 마지막 수집 { $ago }, 다음 수집 { $next }.
status-source-documents = 출처 { $source }: 마지막 수집 { $ago }, 읽을 수 없는 문서 { $documents }건:
status-source-never = 출처 { $source }: 수집한 적이 없습니다: { $error }.
status-source-never-next = 출처 { $source }: 수집한 적이 없습니다: { $error }. 다음 시도 { $next }.
status-source-failing = 출처 { $source }: 마지막 수집 { $ago }, 그 뒤로: { $error }.
status-source-failing-next = 출처 { $source }: 마지막 수집 { $ago }, 그 뒤로: { $error }. 다음 시도 { $next }.
status-source-moved = { $source }: 주소가 완전히 옮겨졌습니다. { $from } → { $to }. 새 주소에서 읽고, 옛 주소는 하루에 한 번 확인합니다.
status-source-moving = { $source }: 주소를 옮기는 중입니다. { $from } → { $to } ({ $ago }부터). 사흘이 지나면 새 주소로 삼습니다.
status-sources-more = 그 밖의 출처 { $sources }곳, 그중 문제 있는 곳 { $failing }곳.
status-document-failing = 출처 { $source }: { $document } { $line }행: { $reason }
status-document-unreadable = 출처 { $source }: { $document }: { $reason }
status-documents-more = 출처 { $source }: 읽을 수 없는 문서 { $documents }건 더.

# 운영자에게 알리는 것

operator-source = 출처 { $source }: 한동안 읽지 못하고 있습니다: { $error }
operator-source-documents = 출처 { $source }: 문서 { $documents }건을 한동안 읽지 못하고 있습니다: { $document }: { $error }
operator-burst = 출처 { $source }: 한 번에 너무 많이 들어와 { $count }건은 보내지 않고 보관만 합니다 (max_burst)
operator-quiet = { $days }일 동안 새로 수집한 것이 없습니다. 출처 확인: tidings status
operator-platform = { $platform }: 한동안 문제가 이어지고 있습니다: { $trouble }
operator-taken = { $key }: { $why }. 다시 시도하며, 나머지는 그대로 돌아갑니다.
operator-broken = Tidings의 한 부분이 멈춰서 다시 시작합니다({ $name }): { $why }. 자세한 내용은 로그에 있습니다. 개발자에게 알려 주세요.
operator-refused = 채널 { $channels }곳에 보낼 글이 거부되어 따로 두었습니다: { $error }. 확인: tidings status, 다시 보내기: tidings retry
operator-refused-more = 그 밖에 글 { $count }건이 거부되었습니다. 예: { $error }
operator-editor = 편집자 { $editor } 님에게 보낼 수 없습니다: { $why }. 편집자를 기다리는 소식은 제시간에 나갑니다.
operator-editor-no-platform = 그 플랫폼에서는 봇이 실행되고 있지 않습니다
operator-editor-paused = 그 채팅에는 소식 보내기가 멈춰 있습니다(다시 시작: 그 채팅에서 /resume)
operator-disk = 저장소가 있는 디스크가 거의 찼습니다. 남은 공간: { $megabytes } MB
operator-over = 해결됨: { $what }

# 다음에 할 수 있는 것

hint-read = 기사 보기: /read { $id }
hint-count = 더 보기: /latest { $slug } { $count }
hint-count-all = 더 보기: /latest { $count }
hint-more = 이어 보기: /more
hint-fewer-words = 검색어가 길어 이전 소식 버튼을 달 수 없습니다. 단어를 줄이면 더 볼 수 있습니다
hint-latest = 이미 있는 기사: /latest { $slug }
hint-latest-one = 섹션 하나 보기: /latest { $slug }
hint-latest-all = 이미 있는 기사: /latest
hint-subscribe = 구독하기: /subscribe { $slug } daily 09:00
hint-subscriptions = 구독 목록: /subscriptions
hint-schedule = 일정 바꾸기: /schedule { $slug } { $example }
hint-preview = 다음 모음 보기: /preview
hint-settings = 설정 바꾸기: /settings style summaries
hint-settings-menus = 아래에서 고르면 바로 바뀝니다
hint-settings-others = 나머지({ $names }): /settings cap 10
hint-timezone = 시간대 정하기: /timezone

# 콘솔

console-welcome = Tidings 콘솔 채팅: 섹션 { $sections }개, 기사 { $items }건. 명령 목록: /help, 끝내기: /quit 또는 Ctrl-D
section-left = 더는 채워지지 않음: 발행인이 이 섹션을 없앴습니다
section-hidden = 지금은 오지 않음: 발행인이 이 섹션을 숨겼습니다
console-no-more = 이어 볼 것이 없습니다. 목록을 시작하려면: /latest 또는 /search
console-store-failed = 지금은 저장소를 읽을 수 없습니다. 이유는 로그에 있습니다. 바뀐 것은 없습니다.

# 인사

start = 안녕하세요! 뉴스 모음을 채팅으로 전해 드립니다. 읽고 찾고 구독할 수 있는 섹션이 { $count }개 있습니다.
start-latest = 섹션의 최신 기사
start-sections = 모든 섹션
start-subscribe = 이곳에서 구독하기
start-help = 쓸 수 있는 모든 명령
start-administrators =
    { $place ->
        [server] 이곳의 구독은 서버를 관리하는 사람만 바꿀 수 있습니다.
       *[other] 이곳의 구독은 관리자만 바꿀 수 있습니다.
    }

# 버튼

button-newer = ◂ 최근 소식
button-older = 이전 소식 ▸
button-all = ◂ 모든 섹션
button-subscribe = 구독
button-summaries = 요약 읽기
button-read = 읽기
button-search = 검색
button-open = 열기
menu-read = 읽기…
button-share = 공유
sections-choose = 섹션 고르기
summaries-title = 요약
summaries-gone = 이 기사들은 보관함에 더 이상 없습니다. 최신 기사: /latest
summaries-missing = 이 가운데 { $count }건은 보관함에 더 이상 없습니다.
button-sections = 모든 섹션
section-is-gone = 그 섹션은 그사이 다른 섹션에 합쳐졌습니다. 지금 있는 섹션: /sections
section-edit-gone = 그 섹션은 이제 없습니다.
section-edit-configured = “{ $slug }” 섹션은 설정 파일에 있어서 파일에서만 바꿀 수 있습니다.
section-edit-catch-all = “{ $slug }” 섹션은 다른 섹션에 들지 않는 기사를 담으므로 바꿀 수 없습니다.
section-edit-merged = “{ $slug }” 섹션은 { $into } 섹션에 합쳐져 있습니다.
section-edit-itself = 섹션을 자기 자신에게 합칠 수는 없습니다.
section-edit-into-hidden = “{ $slug }” 섹션은 숨겨져 있습니다. 먼저 다시 표시하거나 다른 섹션을 숨기세요.
section-edit-hidden = “{ $slug }” 섹션은 이미 숨겨져 있습니다.
section-edit-shown = “{ $slug }” 섹션은 이미 보입니다.
section-edit-no-title = 제목에는 글자나 숫자가 있어야 합니다.
section-edit-long-title = 제목은 { $most }자까지 쓸 수 있습니다.
section-edit-taken = “{ $title }”: { $slug } 섹션의 이름입니다. 합치면 하나가 됩니다.
section-edit-undone = 이미 되돌렸습니다.
section-edit-renamed = { $slug } 섹션의 제목이 그사이 바뀌었습니다: “{ $title }”
section-edit-chained = “{ $slug }” 섹션이 그사이 { $into } 섹션에 합쳐졌습니다. 그것부터 되돌리세요.
section-edit-overtaken = 그 뒤에 섹션에 다른 변경이 있었습니다. 그것을 먼저 되돌려 주세요.
section-edit-reserved = “all”과 “more”는 따로 쓰이는 말입니다. 다른 제목을 써 주세요.
section-edit-another = 여기서 되돌릴 수 있는 일이 아닙니다.
button-unknown = 예전에 만든 버튼입니다. 새 버튼을 받으려면: /latest
button-astray = 이 목록이 어디에 있는지 더 이상 알 수 없습니다. 새 목록: /latest
button-in-channel = 여기에서 쪽을 넘기면 모두의 화면에서 넘어갑니다. 저와의 개인 채팅에서 물어보세요: /latest
button-not-yours = 여기에 글을 쓸 수 없으신데, 쪽을 넘기면 모두의 화면에서 넘어갑니다. 저와의 개인 채팅에서 물어보세요: /latest
read-not-yours = 여기에 글을 쓸 수 없으신데, 제 답은 모두에게 보입니다. 저와의 개인 채팅에서 물어보세요: /latest
share-not-yours = 여기에 글을 쓸 수 없으셔서 공유할 수도 없습니다.
channel-needs-server = 서버 채널의 구독은 개인 메시지가 아니라 그 서버에서 관리합니다. 그 서버에서 명령을 입력해 주세요.

# 그룹과 채널

only-administrators = 이 그룹의 관리자만 구독을 바꿀 수 있습니다.
only-channel-administrators = 이 채널의 관리자만 구독을 바꿀 수 있습니다.
administrators-unknown = 지금은 누가 관리자인지 확인할 수 없습니다. 바뀐 것은 없으니 잠시 뒤에 다시 해 보세요.
last-question = 1분 사이에 스무 번째 질문을 하셨습니다. 1분이 지날 때까지는 더 답하지 않으며, 그보다 오래 기다려야 하는 질문에도 답하지 않습니다.
last-question-alone = 1분 사이에 예순 번째 질문을 하셨습니다. 1분이 지날 때까지는 더 답하지 않으며, 그보다 오래 기다려야 하는 질문에도 답하지 않습니다.
last-question-together = 1분 사이에 답할 수 있는 것보다 많은 질문이 들어왔습니다. 1분이 지날 때까지는 질문을 적게 하신 분께만 답합니다.
answer-late = 질문에 1분 안에 답하지 못해 더는 답하지 않습니다. 다시 물어봐 주세요.
answer-late-alone = **{ $name }**에서 하신 질문에 본인에게만 보이는 답을 제때 드리지 못했습니다. 그곳이나 여기에서 다시 물어봐 주세요.
change-late = 제가 쉬는 동안인 { $moment }에 요청하신 일이며, 지금 처리했습니다.
rights-unknown = 지금은 누가 여기에 글을 쓸 수 있는지 확인할 수 없습니다. 잠시 뒤에 다시 해 보세요.
too-many-questions = 질문이 한꺼번에 너무 많습니다. 1분 뒤에 다시 해 보세요.
about-channel = **{ $name }**:
channel-not-found = { $name } 채널이 보이지 않습니다. 그런 채널이 없거나 제가 그곳에 없습니다. 먼저 저를 그 채널의 관리자로 추가한 뒤 다시 해 보세요.
channel-not-found-or-left = { $name } 채널이 보이지 않습니다. 그런 채널이 없거나 제가 이제 그곳에 없습니다. 제가 빠진 채널에 관해 남은 것은 저를 운영하는 분이 지울 수 있습니다.
channel-not-yours = { $name }의 관리자만 구독을 바꿀 수 있습니다.
channel-bot-missing = { $name }의 관리자를 확인할 수 없습니다. 저를 글을 올릴 수 있는 관리자로 추가한 뒤 다시 해 보세요.
channel-may-not-post = { $name }에 글을 올릴 권한이 없습니다. 권한을 준 뒤 다시 해 보세요. 바뀐 것은 없습니다.

# 명령과 선택 항목의 이름

name-latest = 최신
name-read = 읽기
name-sections = 섹션
name-search = 검색
name-subscribe = 구독
name-unsubscribe = 구독취소
name-subscriptions = 구독목록
name-schedule = 일정
name-filter = 필터
name-watch = 지켜보기
name-unwatch = 지켜보기끝
name-timezone = 시간대
name-preview = 미리보기
name-roundup = 모음
name-pause = 멈춤
name-resume = 재개
name-settings = 설정
name-suggest = 제안
name-forget = 기록지우기
name-status = 상태
name-help = 도움말
name-start = 시작
option-name-section = 섹션
option-section = 섹션의 이름이나 짧은 이름
option-name-count = 개수
option-count = 기사 개수
option-name-number = 번호
option-number = 기사 제목 옆의 번호
option-name-page = 쪽
option-page = 긴 기사의 쪽 번호
option-name-words = 단어
option-words = 단어, "구절", 또는 앞부분*
option-name-when = 일정
option-when = 오는 일정, 예: daily 09:00 또는 instant
option-name-how-long = 기간
option-how-long = 언제까지, 예: 3일, 2주, 월요일까지, 18:00까지
option-name-zone = 시간대
option-zone = 시간대, 예: Asia/Seoul
option-name-name = 이름
option-name = 어느 설정
option-name-value = 값
option-value = 새 값
option-name-confirmation = 확인
option-confirmation = 계속하려면 yes
option-name-link = 링크
option-link = 링크, 그리고 덧붙일 말
option-name-command = 명령
option-command = 어느 명령
option-name-channel = 채널
option-channel = 이 채널이 아닌 다른 채널
option-name-role = 역할
option-role = 모음에서 멘션할 역할

# 서버

search-label = 검색할 단어
store-failed = 저희 쪽에 문제가 생겨 기록해 두었습니다. 바뀐 것은 없습니다. 잠시 뒤에 다시 해 보세요.
bot-not-in-chat = 제가 이 채팅에 없어서 여기에서는 구독할 수 없습니다. 저와의 개인 메시지나 제가 추가된 서버에서 써 주세요.
bot-not-here = 제가 이 서버에 없어서 여기에서는 구독할 수 없습니다. 서버 관리자가 저를 추가할 수 있습니다.
only-server-managers = 서버 관리하기 권한이 있는 사람만 이 서버 채널의 구독을 바꿀 수 있습니다.
role-everyone = 모음에서는 @everyone을 멘션할 수 없습니다. 다른 역할을 고르거나 비워 두세요. 바뀐 것은 없습니다.
channel-elsewhere = { $name } 채널은 이 서버의 채널이 아닙니다. 바뀐 것은 없습니다.
no-role = 이 서버에는 { $name } 역할이 없습니다. 바뀐 것은 없습니다.
option-unread = “{ $option }”에서 고르신 것을 알 수 없습니다. 바뀐 것은 없습니다. 명령을 다시 입력하고 목록에서 골라 주세요.
channel-lacks = { $name }에 글을 올릴 수 없습니다. 없는 권한: { $permissions }. 권한을 준 뒤 다시 해 보세요. 바뀐 것은 없습니다.
channel-lacks-threads = { $name }에 스레드를 열 수 없습니다. 없는 권한: { $permissions }. 권한을 준 뒤 다시 해 보세요. 바뀐 것은 없습니다.
permission-view-channel = 채널 보기
permission-send-messages = 메시지 보내기
permission-send-messages-in-threads = 스레드에서 메시지 보내기
permission-embed-links = 링크 첨부
permission-mention-everyone = @everyone, @here, 모든 역할 멘션하기
permission-create-public-threads = 공개 스레드 만들기
status-lacks = 그곳에 없는 권한: { $permissions }. 권한을 주면 소식을 자동으로 다시 보냅니다.
permissions-unknown = { $name }에 글을 올릴 수 있는지 지금은 알 수 없습니다. 바뀐 것은 없습니다. 잠시 뒤에 다시 해 보세요.

# 발행인이 글을 쓰지 않은 기사(그림, 녹음)의 제목.
item-without-words = { $source }, { $day }

# 웹에서 읽는 지난 뉴스

web-name = Tidings
web-skip = 본문으로 건너뛰기
web-sections = 섹션
web-search = 검색
web-search-label = 지난 뉴스 검색
web-search-no-word = “{ $words }”에는 검색할 단어가 없습니다. 글자나 숫자를 넣어 주세요.
web-search-nothing = “{ $words }” 검색 결과가 없습니다. 단어를 줄이거나 회담*처럼 앞부분만 쓰면 더 찾을 수 있습니다.
web-too-long = 시간이 너무 오래 걸려 멈췄습니다. 단어를 줄이거나 더 긴 단어로 찾아 보세요.
web-day = { $year }년 { $weekday }
web-day-empty = 이날은 뉴스가 없습니다.
web-day-before = 이전: { $day }
web-day-after = 다음: { $day }
web-older = 이전 뉴스
web-follow = 구독: { $title }
web-follow-all = 모든 뉴스 구독
web-at = 출처: { $source }
web-leader = 이 소식을 먼저 전한 기사:
web-corrected = { month-long } { $day }일 { $time } 수정
web-corrected-with-year = { $year }년 { month-long } { $day }일 { $time } 수정
web-missing = 이 주소에는 아무것도 없습니다.
web-withdrawn = 철회되었습니다.

# 사람들이 치는 말. 같은 뜻의 말은 `|`로 나누고, 없는 말은 적지 않는다. 말을 섞어 쓰는 이가 많아 모든 언어를 함께 읽는다.
# 뒤에 조사가 붙는 말은 가장 긴 것이 먼저다.

word-instant = 즉시 | 바로 | 곧바로 | 실시간 | 실시간으로 | 나오는 대로
word-every = 매 | 마다 | 간격 | 간격으로
word-hourly = 매시간 | 매시
word-daily = 매일 | 매일매일 | 날마다 | 하루 | 하루에 | 하루에 한 번 | 하루 한 번 | 하루에 한번 | 하루 한번
word-weekly = 매주 | 일주일에
word-monthly = 매월 | 매달 | 월마다
word-minute = 분
word-hour = 시간
word-week = 주 | 주일 | 일주일
word-month = 달 | 개월
word-twice = 두 번 | 두번
word-fortnightly = 격주 | 격주로 | 격주마다
word-weekdays = 평일 | 평일마다 | 주중
word-weekend = 주말 | 주말마다
word-monday = 월요일 | 월욜 | 월
word-tuesday = 화요일 | 화욜 | 화
word-wednesday = 수요일 | 수욜 | 수
word-thursday = 목요일 | 목욜 | 목
word-friday = 금요일 | 금욜 | 금
word-saturday = 토요일 | 토욜 | 토
word-sunday = 일요일 | 일욜 | 일
word-am = 오전
word-pm = 오후
word-morning = 아침 | 새벽
word-evening = 저녁
word-night = 밤
word-midday = 낮 | 점심
word-noon = 정오
word-midnight = 자정
word-oclock = 시
word-half = 반
word-nth = 번째
word-times = 번 | 회
word-filler = 한 번 | 한번 | 1회 | 까지 | 에 | 은 | 는 | 과 | 와 | 하고 | 및 | 이랑 | 랑 | 의 | 정각 | 정각에 | 으로 | 로 | 씩
word-last = 마지막 날 | 마지막날 | 말일 | 월말 | 마지막
word-to = 부터 | 에서
word-between = 사이 | 사이에
word-once = 이번 주 | 이번주 | 이번 | 오늘 | 모레
word-next = 다음
word-next-week = 다음 주 | 다음주
word-tomorrow = 내일
word-year = 년
word-first = 첫째 | 첫 번째 | 첫번째 | 첫
word-second = 둘째 | 두 번째 | 두번째
word-third = 셋째 | 세 번째 | 세번째
word-fourth = 넷째 | 네 번째 | 네번째
word-one = 한 | 하나
word-two = 두 | 둘
word-three = 세 | 셋
word-four = 네 | 넷
word-five = 다섯
word-six = 여섯
word-seven = 일곱
word-eight = 여덟
word-nine = 아홉
word-ten = 열
word-eleven = 열한 | 열하나
word-twelve = 열두 | 열둘

word-until = 까지
word-from = 부터
word-during = 동안 | 간 | 뒤 | 뒤에 | 뒤까지 | 후 | 후에 | 후까지
word-lengths = 하루=1 day | 이틀=2 days | 사흘=3 days | 나흘=4 days | 닷새=5 days | 열흘=10 days | 보름=15 days

word-counted-day = 일
word-counted-month = 월
word-of-each = 마다 | 간격 | 간격으로 | 에 한 번 | 에 한번 | 에 1회
word-once-each = 한 번 | 한번 | 1회
word-zones = 한국=Asia/Seoul | 한국시간=Asia/Seoul | 한국 시간=Asia/Seoul | 서울=Asia/Seoul
    | 서울시간=Asia/Seoul | 서울 시간=Asia/Seoul | 평양=Asia/Pyongyang

word-yes = 네 | 예
word-on = 켜기
word-off = 끄기
word-all = 전체 | 모두

# 대시보드
dashboard-name = Tidings · 대시보드
dashboard-skip = 본문으로 건너뛰기
dashboard-pages = 페이지
dashboard-overview = 개요
dashboard-deeds = 작업 기록
dashboard-operator = 운영자
dashboard-as-operator = 운영자로 로그인됨
dashboard-as-editor = 편집자로 로그인됨: { $editor }
dashboard-sign-in = 로그인
dashboard-sign-in-says = 이 링크는 한 번만 쓸 수 있습니다. 버튼을 누르면 이 브라우저에서 로그인됩니다.
dashboard-sign-out = 로그아웃
dashboard-sessions = 로그인
dashboard-sign-all-out = 모두 로그아웃
dashboard-sign-all-out-says = 내 로그인을 포함한 모든 로그인과 쓰지 않은 링크를 끝냅니다.
dashboard-signed-out = 로그인되어 있지 않습니다
dashboard-two-cookies = 브라우저가 대시보드 쿠키를 두 개 보내는데 하나는 우리 것이 아닙니다. 이 사이트의 쿠키를 지우고 다시 로그인해 주세요
dashboard-how-to-sign-in = 로그인하려면 봇과의 개인 채팅에서 /status 답변 아래의 ‘대시보드’를 누르거나, 봇을 운영하는 사람에게 “tidings dashboard” 실행을 부탁하세요. 어느 쪽이든 10분 동안 한 번만 쓸 수 있는 링크를 줍니다.
dashboard-link-used = 이미 사용된 링크입니다
dashboard-link-old = 너무 오래된 링크입니다
dashboard-link-wrong = 우리가 만든 링크가 아닙니다
dashboard-link-no-editor = 이 링크를 받은 사람은 더는 편집자가 아닙니다
dashboard-link-too-many = 잘못된 링크가 너무 많이 시도되었습니다. 1분 뒤에 다시 시도하세요
dashboard-forged = 대시보드 페이지에서 보낸 요청이 아니어서 아무것도 바꾸지 않았습니다
dashboard-forbidden = 운영자만 할 수 있습니다
dashboard-missing = 이 주소에는 아무것도 없습니다
dashboard-other-method = 이 주소는 그런 요청을 받지 않습니다. 관련 페이지는 다음과 같습니다
dashboard-broken = 이쪽에서 문제가 생겼습니다. 자세한 내용은 로그에 있습니다
dashboard-too-long = 너무 깁니다
dashboard-too-much = 한꺼번에 너무 많이 요청했습니다. 1분 뒤에 다시 시도하세요
dashboard-refused = 처리하지 않았습니다
dashboard-back = 돌아가기
dashboard-undo = 되돌리기
dashboard-undone = 되돌림
dashboard-earlier = 이전 항목
dashboard-well = 모두 정상입니다
dashboard-unwell = 확인할 일이 { $count }건 있습니다
dashboard-need-platform = { $platform }에 연결할 수 없습니다({ $ago }부터): { $trouble }. 기다리는 메시지는 사라지지 않고 자동으로 다시 시도됩니다. 계속되면 토큰과 네트워크를 확인하세요.
dashboard-need-source = 제대로 읽을 수 없는 출처: { $source }. 이유는 출처 옆에 있습니다.
dashboard-need-dead = 메시지 { $count }건이 최종 거부되었습니다. 다시 보내거나 포기하세요.
dashboard-need-stopped = 채널 { $count }곳이 지금 아무것도 받지 않습니다. 이유는 채널 옆에 있습니다.
dashboard-held = 기사 { $count }건이 편집자를 기다립니다
dashboard-platforms = 플랫폼
dashboard-no-platform = 아직 실행된 플랫폼이 없습니다.
dashboard-is-well = 정상
dashboard-runs-here = 실행 중(아직 소식 없음)
dashboard-since = 문제 있음, 시작:
dashboard-processes = 저장소를 함께 쓰는 프로세스
dashboard-process-begun = 시작:
dashboard-process-silent = 더 이상 응답이 없음, 마지막 확인:
dashboard-process-behind = 다른 프로세스가 다른 설정으로 시작됨: 같은 설정으로 다시 시작하세요
dashboard-process-idle = 대기 중
dashboard-unheld = 맡은 프로세스가 없음
dashboard-sources = 출처
dashboard-no-source = 아직 출처가 없습니다. 설정 파일에서 지정합니다.
dashboard-unconfigured = 설정에서 빠짐
dashboard-loaded = 수집:
dashboard-never-loaded = 아직 수집하지 않음
dashboard-next = 다음:
dashboard-queue = 대기열
dashboard-queue-waiting = 대기 중
dashboard-queue-dead = 최종 거부
dashboard-queue-edits = 정정 예정
dashboard-queue-uncorrected = 정정하지 못함
dashboard-queue-oldest = 가장 오래된 것이 만들어진 때:
dashboard-next-roundups = 다음 모음
dashboard-no-next = 예정된 모음이 없습니다.
dashboard-arrived = 도착한 메시지
dashboard-chart-now = 지금
dashboard-chart-nothing = 지난 24시간 동안 도착한 메시지가 없습니다.
dashboard-chart-says = 지난 24시간 동안 메시지 { $count }건이 도착했고, 가장 많았던 시간대는 { $hour } 이후 한 시간({ $most }건)입니다.
dashboard-no-deed = 아직 아무 작업도 없습니다.
dashboard-undone-now = 되돌렸습니다:
dashboard-later = 더 보기
dashboard-cant-be-undone = 되돌릴 수 없거나 이미 되돌린 작업입니다.
dashboard-overtaken = 그 뒤에 다른 사람이 바꾸어서 되돌리지 않았습니다.
dashboard-source-changed = 출처가 내용을 바꾸었습니다
dashboard-outbox = 보낼 편지함
dashboard-dead =
    { $count ->
        [0] 최종 거부된 메시지가 없습니다
       *[other] 최종 거부된 메시지 { $count }건
    }
dashboard-dead-text = 내용
dashboard-retry = 다시 보내기
dashboard-give-up = 포기
dashboard-part-is-gone = 이미 다시 보냈거나 포기해서 남아 있지 않습니다.
dashboard-channels = 채널
dashboard-no-channel = 아직 아무 채널도 구독하지 않습니다.
dashboard-not-run-here = 이 플랫폼은 이 프로세스에서 실행되지 않습니다.
dashboard-follows-nothing = 구독하는 것이 없습니다.
dashboard-as-it-comes = 소식이 오는 대로 받습니다.
dashboard-as-it-comes-until = 소식이 오는 대로 받습니다. 끝나는 때:
dashboard-next-roundup = 다음 모음:
dashboard-paused = 멈춤, 시작:
dashboard-stopped = 아무것도 받지 않음, 시작:
dashboard-not-paused = 지금은 멈춤 상태가 아닙니다. 관리자가 채팅에서 다시 시작했거나 기간이 끝났습니다.
dashboard-until = 끝:
dashboard-hidden-section = 숨긴 섹션
dashboard-pause = 멈추기
dashboard-how-long = 기간(비워 두면 다시 시작할 때까지)
dashboard-resume = 다시 시작
dashboard-post-now = 지금 올리기
dashboard-preview = 미리 보기
dashboard-previews = 미리 보기
dashboard-no-preview = 아직 아무 채널도 구독하지 않아 예정된 것이 없습니다.
dashboard-preview-of = { $channel }의 다음 모음
dashboard-fetch-now = 지금 수집
dashboard-try = 시험
dashboard-work-fetch = { $source } 수집
dashboard-work-try = { $source } 시험
dashboard-work-under-way = 진행 중, 시작:
dashboard-live = 이 페이지 자동으로 새로 고치기
dashboard-live-stop = 멈추기
dashboard-no-way-back = 되돌릴 수 없습니다.
dashboard-work-refreshes = 이 페이지는 자동으로 새로 고쳐집니다.
dashboard-work-waits = 이 출처를 맡은 프로세스를 기다리는 중, 요청:
dashboard-work-interrupted = 이 작업을 하던 프로세스가 도중에 끝났습니다. 다시 요청하세요.
dashboard-work-done = 완료:
dashboard-work-failed = 문제와 함께 완료:
dashboard-loaded-says = 문서 { $documents }건: 새 기사 { $new }건, 바뀜 { $updated }건, 그대로 { $unchanged }건. 구독자에게 { $pushed }건이 갑니다.
dashboard-tried-says = 문서 { $documents }건, 기사 { $items }건. { $ignored }건은 무시됩니다. 아무것도 저장하지 않았습니다.
dashboard-tried-days = 기간: { $oldest } ~ { $newest }
dashboard-tried-section = { $slug }: { $items }건
dashboard-tried-new-section = { $slug }: { $items }건(새 섹션)
dashboard-items = 기사
dashboard-items-words = 단어 또는 번호
dashboard-items-list = 범위
dashboard-items-shown = 독자에게 보이는 것
dashboard-items-held = 편집자를 기다리는 것
dashboard-items-withdrawn = 철회된 것
dashboard-items-nothing = 그런 기사가 없습니다.
dashboard-items-so-far = 지금까지 기사 { $count }건을 살펴보았습니다. “{ dashboard-earlier }” 버튼을 누르면 이어서 찾습니다.
dashboard-items-too-much = 찾을 말이 너무 많습니다. 단어를 줄이면 더 찾을 수 있습니다.
dashboard-item-withdrawn = 철회되어 독자에게 보이지 않습니다.
dashboard-item-hidden = 섹션이 숨겨져 있어 독자에게 보이지 않습니다.
dashboard-item-held = 편집자를 기다리고 있어 아직 독자에게 보이지 않습니다.
dashboard-item-title = 제목
dashboard-item-summary = 요약(문단 사이에 빈 줄)
dashboard-item-link = 링크(비워 두면 없음)
dashboard-item-own = 출처의 원래 내용
dashboard-item-section = 섹션
dashboard-item-written = 적으신 내용:
dashboard-correct = 정정
dashboard-move = 옮기기
dashboard-withdraw = 철회
dashboard-withdraw-says = 독자에게 더는 보이지 않고, 이미 올린 글에서는 줄이 그어집니다.
dashboard-restore = 복원
dashboard-split = 이야기에서 떼어 내기
dashboard-join = 합치기
dashboard-join-number = 같은 이야기를 전하는 기사의 번호
dashboard-story = 이야기
dashboard-story-alone = 같은 이야기를 전하는 다른 기사가 없습니다.
dashboard-story-leads = (대표)
dashboard-story-report = 함께 전한 곳:
dashboard-sections = 섹션
dashboard-sections-says = 설정 파일에 있는 섹션은 그 파일에서 바꿉니다. 제목에서 생긴 섹션은 여기서 손볼 수 있습니다.
dashboard-section-configured = 설정됨
dashboard-section-discovered = 제목에서 생김
dashboard-section-catch-all = 다른 섹션에 들지 않는 기사
dashboard-section-items = 기사 { $count }건
dashboard-section-hidden = 숨김
dashboard-section-with = 합쳐진 섹션:
dashboard-section-mend = 손보기
dashboard-section-title = 제목
dashboard-merge = 합치기
dashboard-merge-into = 합칠 섹션
dashboard-rename = 이름 바꾸기
dashboard-hide = 숨기기
dashboard-show = 다시 표시

# 대시보드로 가는 길
button-dashboard = 대시보드
sign-in-link = 대시보드 로그인 링크입니다. { $minutes }분 안에 한 번만 쓸 수 있고, 가진 사람이면 누구나 쓸 수 있으니 다른 사람에게 보이지 마세요.
sign-in-not-yours = 대시보드는 편집자와 봇 운영자가 봇과의 개인 채팅에서만 열 수 있습니다.

# 작업 기록의 표현
deed-publish = 기다리던 기사 내보냄 { $subject }
deed-hold-back = 기다리던 기사 보류 { $subject }
deed-drop = “{ $subject }” 뺌
deed-move = “{ $subject }” 옮김
deed-withdraw = “{ $subject }” 철회
deed-restore = “{ $subject }” 복원
deed-correct = “{ $subject }” 정정
deed-split = “{ $subject }” 이야기에서 떼어 냄
deed-join = “{ $subject }” 이야기에 합침
deed-merge = 섹션 합침: { $subject }
deed-rename = 섹션 이름 바꿈: { $subject }
deed-hide = 섹션 숨김: { $subject }
deed-show = 섹션 다시 표시: { $subject }
deed-fetch-now = 출처 지금 수집: { $subject }
deed-try = 출처 시험: { $subject }
deed-pause = 멈춤: { $subject }
deed-resume = 다시 시작: { $subject }
deed-post-now = 지금 올림: { $subject }
deed-retry = 다시 보냄: { $subject }
deed-give-up = 포기: { $subject }
deed-sign-out = 대시보드의 모든 로그인 종료
