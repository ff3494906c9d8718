#include "sandbox/texts.hpp"

#include <algorithm>
#include <utility>

#include "sandbox/fragments.hpp"

namespace cvstroom::sandbox {
namespace {

constexpr std::array<std::string_view, 15> slot_names = {
    "beroep", "jaren",   "sector",      "regio",    "competentie", "competentie2", "taal",       "diploma",
    "aantal", "stelsel", "oud_diploma", "oud_code", "datum",       "studiegebied", "instelling",
};

constexpr std::size_t common_languages = 4;  // the first of talen.tsv: Dutch, French, English, German

Tongue tongue_of(std::string_view language) {
    if (language == "fr") return Tongue::french;
    return language == "en" ? Tongue::english : Tongue::dutch;
}

std::vector<Template>& notes_for(Texts& texts, const Template& note) {
    if (note.has(Slot::old_code)) return texts.conversions;
    if (note.starts_with("Niet beëindigd")) return texts.unfinished;
    if (note.starts_with("Buitenlands")) return texts.foreign;
    return texts.study_notes;
}

std::vector<Template>& titles_for(Texts& texts, const Template& title, Tongue tongue) {
    const bool is_trainee = title.starts_with("Stagiair") || title.starts_with("Jobstudent");
    return is_trainee ? texts.trainee_titles : texts.titles[at(tongue)];
}

std::vector<Template>& tasks_for(Texts& texts, const Template& task, Tongue tongue) {
    return task.starts_with("Stage") ? texts.trainee_tasks : texts.tasks[at(tongue)];
}

void read_templates(DataFolder& data, Texts& texts) {
    const std::string file = "cv_sjablonen.tsv";
    const auto table = data.read(file, {"soort", "taal", "sjabloon"});
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const auto parsed = Template::parse(table.cell(row, "sjabloon"));
        data.need(parsed.has_value(), file, "placeholders that stand in texts.cpp");
        if (!parsed) return;
        const auto kind = table.cell(row, "soort");
        const Tongue tongue = tongue_of(table.cell(row, "taal"));
        if (kind == "profiel") texts.profiles[at(tongue)].push_back(*parsed);
        if (kind == "werkervaring") tasks_for(texts, *parsed, tongue).push_back(*parsed);
        if (kind == "functietitel") titles_for(texts, *parsed, tongue).push_back(*parsed);
        if (kind == "opleiding") notes_for(texts, *parsed).push_back(*parsed);
    }
    for (std::size_t i = 0; i < tongues; ++i) {
        data.need(!texts.profiles[i].empty() && !texts.tasks[i].empty() && !texts.titles[i].empty(), file,
                  "templates in Dutch, French and English");
    }
    data.need(!texts.study_notes.empty() && !texts.conversions.empty() && !texts.unfinished.empty() &&
                  !texts.foreign.empty() && !texts.trainee_titles.empty() && !texts.trainee_tasks.empty(),
              file, "templates for studies and trainees");
}

void read_free_competences(DataFolder& data, Texts& texts) {
    const std::string file = "vrije_competenties.tsv";
    const auto table = data.read(file, {"taal", "naam", "beschrijving"});
    for (std::size_t row = 0; row < table.rows(); ++row) {
        texts.free_competences[at(tongue_of(table.cell(row, "taal")))].push_back(
            {make_phrase(table.cell(row, "naam")), json_text(table.cell(row, "beschrijving"))});
    }
    for (const auto& list : texts.free_competences)
        data.need(!list.empty(), file, "texts in Dutch, French and English");
}

}  // namespace

std::optional<Template> Template::parse(std::string_view text) {
    Template made;
    for (;;) {
        const auto open = text.find('{');
        made.pieces_.push_back({json_text(text.substr(0, open)), std::nullopt});
        if (open == std::string_view::npos) return made;
        const auto close = text.find('}', open);
        if (close == std::string_view::npos) return std::nullopt;
        const auto name = std::ranges::find(slot_names, text.substr(open + 1, close - open - 1));
        if (name == slot_names.end()) return std::nullopt;
        made.pieces_.back().slot = static_cast<Slot>(name - slot_names.begin());
        text.remove_prefix(close + 1);
    }
}

bool Template::has(Slot slot) const {
    return std::ranges::any_of(pieces_, [&](const Piece& piece) { return piece.slot == slot; });
}

Texts Texts::load(DataFolder& data) {
    Texts texts;
    read_templates(data, texts);
    read_free_competences(data, texts);
    const auto languages = data.read("talen.tsv", {"label_nl"});
    for (std::size_t row = 0; row < std::min(languages.rows(), common_languages); ++row) {
        texts.languages.push_back(
            {json_text(languages.cell(row, "label_nl")), json_text(languages.cell(row, "label_nl"))});
    }
    const auto systems = data.read("arbeidsstelsels.tsv", {"label_nl"});
    for (std::size_t row = 0; row < systems.rows(); ++row) {
        texts.work_systems.push_back(make_phrase(systems.cell(row, "label_nl")));
    }
    return texts;
}

}  // namespace cvstroom::sandbox
