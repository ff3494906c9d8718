#include "cli/search_report.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <chrono>
#include <ostream>
#include <vector>

#include "base/json_writer.hpp"
#include "search/bit_kernels.hpp"
#include "search/engine.hpp"
#include "search/names.hpp"

namespace cvstroom::cli {
namespace {

// A search is repeated until its time says something: the first run pays for cold caches.
constexpr int repetitions = 21;

std::string_view name_of(search::MatchForm form) {
    switch (form) {
        case search::MatchForm::nothing:
            return "nothing";
        case search::MatchForm::range:
            return "range";
        case search::MatchForm::set:
            return "set";
        case search::MatchForm::walk:
            return "walk";
        case search::MatchForm::blocks:
            return "blocks";
        case search::MatchForm::counted:
            return "counted";
    }
    return "";
}

std::string_view meaning_of(search::MatchForm form) {
    switch (form) {
        case search::MatchForm::nothing:
            return "a clause lets nothing through here";
        case search::MatchForm::range:
            return "every row of the span of time";
        case search::MatchForm::set:
            return "one set, as it stands";
        case search::MatchForm::walk:
            return "the first clause's rows, one by one against the rest";
        case search::MatchForm::blocks:
            return "all clauses, 65536 rows at a time";
        case search::MatchForm::counted:
            return "the size of the clause is known: only the blocks of the page are looked at";
    }
    return "";
}

struct ClauseTrace {
    std::string text;
    std::uint64_t rows = 0;
    std::string sets;  // the form of each
};

struct PartTrace {
    std::uint64_t rows = 0;
    std::uint64_t dead = 0;
    search::MatchForm form{};
    std::uint64_t matches = 0;
    double microseconds = 0;
    std::vector<ClauseTrace> clauses;  // in the order in which they are used
};

template <typename Work>
double median_microseconds(const Work& work) {
    std::vector<double> times;
    for (int n = 0; n < repetitions; ++n) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
    }
    std::nth_element(times.begin(), times.begin() + repetitions / 2, times.end());
    return times[repetitions / 2];
}

std::string text_of(const search::Clause& clause, const index::Dictionary& dictionary) {
    if (clause.rows) return "text or distance";
    std::string text;
    for (const auto& [code, rank] : clause.any_of) {
        text += text.empty() ? std::string(search::parameter_name(dictionary.dimension(code))) + "=" : ",";
        text += dictionary.code(code);
        if (rank > 0) text += fmt::format(":{}", rank);
    }
    if (text.empty()) text = "codes that no CV has";
    return clause.silent ? text + ", or silent" : text;
}

PartTrace trace_part(const search::Plan& plan, const index::Part& part, const index::Dictionary& dictionary) {
    PartTrace trace;
    trace.rows = part.segment->size();
    trace.dead = part.dead->size();
    search::MatchScratch scratch;
    trace.microseconds = median_microseconds([&] { search::Match(plan, part, scratch); });
    const search::Match match(plan, part, scratch);
    trace.form = match.form();
    trace.matches = match.count();
    if (trace.form == search::MatchForm::nothing) return trace;
    for (const auto& clause : scratch.plan.clauses()) {
        ClauseTrace used{text_of(plan.clauses[clause.number], dictionary), clause.most, {}};
        for (const auto& set : scratch.plan.sets(clause)) {
            used.sets += std::string(used.sets.empty() ? "" : ", ").append(set.form());
        }
        trace.clauses.push_back(std::move(used));
    }
    for (const auto& late : scratch.plan.late()) {
        trace.clauses.push_back({text_of(plan.clauses[late.number], dictionary), match.count(),
                                 "its phrases, tried on the rows that are left"});
    }
    return trace;
}

void write_json(const search::Page& page, const std::vector<PartTrace>& parts, double microseconds, bool explains,
                std::ostream& out) {
    std::string text;
    JsonWriter json(text);
    json.begin_object().member("total", page.total).key("ids").begin_array();
    for (const auto& row : page.rows) json.string(row.cv.to_string());
    json.end_array();
    if (explains) {
        json.member("nanoseconds", static_cast<std::int64_t>(microseconds * 1000));
        json.member("kernels", std::string_view(search::kernels().name));
        json.key("parts").begin_array();
        for (const auto& part : parts) {
            json.begin_object().member("rows", part.rows);
            json.member("dead", part.dead).member("form", name_of(part.form));
            json.member("matches", part.matches);
            json.member("nanoseconds", static_cast<std::int64_t>(part.microseconds * 1000));
            json.key("clauses").begin_array();
            for (const auto& clause : part.clauses) {
                json.begin_object().member("clause", std::string_view(clause.text));
                json.member("rows", clause.rows);
                json.member("sets", std::string_view(clause.sets)).end_object();
            }
            json.end_array().end_object();
        }
        json.end_array();
    }
    json.end_object();
    out << text << '\n';
}

void write_explanation(const std::vector<PartTrace>& parts, double microseconds, std::ostream& out) {
    fmt::print(out, "\nthe whole search with its page: {:.1f} µs (median of {}), bitset loops: {}\n", microseconds,
               repetitions, search::kernels().name);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto& part = parts[i];
        fmt::print(out, "segment {} of {}: {} rows, {} dead: {} matches in {:.1f} µs by {}: {}\n", i + 1, parts.size(),
                   part.rows, part.dead, part.matches, part.microseconds, name_of(part.form), meaning_of(part.form));
        for (const auto& clause : part.clauses) {
            fmt::print(out, "  {:>10} rows  {}  ({})\n", clause.rows, clause.text, clause.sets);
        }
    }
}

}  // namespace

void SearchReport::write(const search::Plan& plan, const index::Index& index, std::ostream& out) const {
    const auto snapshot = index.snapshot();
    const auto page = search::run(plan, *snapshot, offset, count);
    std::vector<PartTrace> parts;
    double microseconds = 0;
    if (explains) {
        microseconds = median_microseconds([&] { search::run(plan, *snapshot, offset, count); });
        for (const auto& part : snapshot->parts) parts.push_back(trace_part(plan, part, index.dictionary()));
    }
    if (is_json) return write_json(page, parts, microseconds, explains, out);
    fmt::print(out, "{}\n", page.total);
    for (const auto& row : page.rows) fmt::print(out, "{}\n", row.cv.to_string());
    if (explains) write_explanation(parts, microseconds, out);
}

}  // namespace cvstroom::cli
