#include <algorithm>

#include "sandbox/fragments.hpp"
#include "sandbox/list_writer.hpp"
#include "sandbox/sections.hpp"
#include "sandbox/sentence.hpp"

namespace cvstroom::sandbox {
namespace {

constexpr int most_jobs = 6;

// Months are counted from January of the year 0.
using Month = int;

Month month_of(std::chrono::sys_days day) {
    const std::chrono::year_month_day date(day);
    return static_cast<int>(date.year()) * 12 + static_cast<int>(static_cast<unsigned>(date.month())) - 1;
}

std::chrono::sys_days first_day(Month month) {
    return std::chrono::year(month / 12) / (month % 12 + 1) / 1;
}

// From the first month up to, and not including, the last.
struct Span {
    Month from;
    Month until;
    int length() const { return until - from; }
};

struct Job {
    Span months;
    const Profession* profession;
    bool is_current;
    bool is_traineeship;
};

// What the CV tells of a career: long ones often leave out their start; some have ended a while ago.
Span told_career(Draft& draft, bool is_current) {
    constexpr int long_career = 240;
    const Month today = month_of(draft.today);
    Span span{today - draft.months_worked, today};
    if (span.length() > long_career && draft.random.chance(50))
        span.from = today - draft.random.between(120, long_career);
    if (!is_current) span.until -= draft.random.between(0, std::min(24, span.length() - 1));
    return span;
}

void append_title(std::string& out, Draft& draft, const Vocabulary& words, const Job& job) {
    const auto& titles = job.profession->titles[at(draft.tongue)];
    const auto& forms = job.is_traineeship && draft.tongue == Tongue::dutch ? words.texts.trainee_titles
                                                                            : words.texts.titles[at(draft.tongue)];
    const bool is_formed = job.is_traineeship || draft.random.chance(25);
    out += R"(","functieTitel":")";
    if (is_formed) return append_sentence(out, draft, words, draft.random.pick(forms), draft.tongue, {job.profession});
    out += draft.random.pick(titles);
}

void append_employer(std::string& out, Draft& draft, const Vocabulary& words, const Profession& profession) {
    const auto& employers = words.trades.employers;
    const std::size_t choice = draft.random.below(100);
    const std::size_t sector = choice < 72   ? profession.sector
                               : choice < 87 ? sector_position("interim")
                                             : draft.random.below(employers.size());
    out += R"("werkgever":{"naam":")";
    out += draft.random.pick(employers[sector]);
    out += R"("})";
}

void append_tasks(std::string& out, Draft& draft, const Vocabulary& words, const Job& job) {
    const bool is_trainee = job.is_traineeship && draft.tongue == Tongue::dutch;
    const auto& forms = is_trainee ? words.texts.trainee_tasks : words.texts.tasks[at(draft.tongue)];
    const std::size_t sentences = is_trainee ? 1 : 2 + draft.random.below(5);
    const std::size_t first = draft.random.below(forms.size());
    out += R"(,"omschrijving":")";
    for (std::size_t i = 0; i < sentences; ++i) {
        if (i > 0) out += ' ';
        append_sentence(out, draft, words, forms[(first + i) % forms.size()], draft.tongue, {job.profession});
    }
    out += '"';
}

void append_job(std::string& out, Draft& draft, const Vocabulary& words, const Job& job) {
    using std::chrono::days;
    out += R"({"type":")";
    out += job.is_traineeship ? "stage" : draft.random.chance(3) ? "vrijwilligerswerk" : "werkervaring";
    append_title(out, draft, words, job);
    out += R"(","van":")";
    append_date(out, first_day(job.months.from) + days(draft.random.chance(85) ? 0 : draft.random.between(1, 19)));
    out += "\",";
    append_employer(out, draft, words, *job.profession);
    if (!job.is_current) {
        out += R"(,"tot":")";
        append_date(out, first_day(job.months.until) - days(1));
        out += '"';
    }
    if (draft.random.chance(85)) append_tasks(out, draft, words, job);
    out += '}';
}

// The next job's months, so that each of the `left` jobs to come keeps at least one.
Span next_span(Random& random, const Span& rest, int left) {
    if (left == 1) return rest;
    const int average = rest.length() / left;
    const int length = std::clamp(random.between(average / 2, average + average / 2), 1, rest.length() - (left - 1));
    return {rest.from, rest.from + length};
}

const Profession& draw_profession(Draft& draft, bool is_last) {
    if (draft.random.chance(is_last ? 90 : 55)) return *draft.profession;
    return *draft.related[draft.random.below(draft.related_count)];
}

void append_jobs(ListWriter& list, Draft& draft, const Vocabulary& words) {
    Random& random = draft.random;
    const bool is_employed = random.chance(45);
    Span rest = told_career(draft, is_employed);
    const int usual = 1 + static_cast<int>(random.below(static_cast<std::size_t>(2 + rest.length() / 24)));
    const int count = std::min({usual, most_jobs, rest.length()});
    for (int left = count; left > 0; --left) {
        Span months = next_span(random, rest, left);
        rest.from = months.until;
        const bool is_last = left == 1;
        const bool is_current = is_last && is_employed;
        // Time between two jobs.
        if (!is_last && random.chance(25)) months.until -= random.between(0, std::min(6, months.length() - 1));
        const bool is_traineeship = left == count && !is_current && months.length() <= 6 && random.chance(60);
        append_job(list.next(), draft, words, {months, &draw_profession(draft, is_last), is_current, is_traineeship});
    }
}

// Three months in the spring before they left school.
void append_traineeship(ListWriter& list, Draft& draft, const Vocabulary& words) {
    constexpr Month march = 2;
    const Month start = draft.left_school * 12 + march;
    append_job(list.next(), draft, words, {{start, start + 3}, draft.profession, false, true});
}

// The jobs that came after the document was first made: the last three, so that a CV that changes a thousand times
// stays a CV. Two months each before the day from which changes are dated (history.cpp), the last one still going on.
void append_new_jobs(ListWriter& list, Draft& draft, const Vocabulary& words) {
    constexpr std::uint32_t told = 3;
    constexpr int months_each = 2;
    constexpr Month first_free = 2026 * 12 + 10;
    const std::uint32_t count = draft.revision.jobs;
    const Random before = draft.random;
    for (std::uint32_t job = count > told ? count - told + 1 : 1; job <= count; ++job) {
        draft.random = draft.random_of_change('j', job);
        const Month from = first_free - months_each * static_cast<int>(1 + count - job);
        append_job(list.next(), draft, words,
                   {{from, from + months_each}, &draw_profession(draft, true), job == count, false});
    }
    draft.random = before;
}

}  // namespace

void append_experiences(std::string& out, Draft& draft, const Vocabulary& words) {
    ListWriter list(out, "ervaringen");
    if (!draft.is_student) {
        if (draft.months_worked < 24 && draft.random.chance(50)) append_traineeship(list, draft, words);
        if (draft.months_worked > 0 && draft.random.chance(97)) append_jobs(list, draft, words);
    }
    append_new_jobs(list, draft, words);
}

}  // namespace cvstroom::sandbox
