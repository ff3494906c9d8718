// cvstroom reference: the code lists, and a provider's own in their place.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>

#include "base/json_writer.hpp"
#include "cli/acting_person.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/open_store.hpp"
#include "cli/progress.hpp"
#include "reference/list_reader.hpp"
#include "reference/list_source.hpp"
#include "store/document_codec.hpp"
#include "store/list_loading.hpp"
#include "store/loaded_lists.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    std::filesystem::path database;
    std::string list;
    std::filesystem::path file;
    std::string by;
    bool force = false;
    bool json = false;
};

void report_dropped(const std::map<std::string, std::uint64_t>& dropped) {
    constexpr std::size_t most_shown = 20;
    std::size_t shown = 0;
    for (const auto& [code, count] : dropped) {
        if (++shown > most_shown) {
            fmt::print(stderr, "  … and {} more codes\n", dropped.size() - most_shown);
            break;
        }
        fmt::print(stderr, "  {} is used by {} published CV(s)\n", code, count);
    }
}

int unknown_list(const std::string& name) {
    std::string names;
    for (const auto& source : reference::list_sources()) names += fmt::format(" {}", source.name);
    return report_failure(fmt::format("there is no list '{}'; there are:{}", name, names));
}

// Stores the list, unless it drops codes that are used and is not forced to.
int replace(store::SqliteStore& store, const store::ListsNow& lists_now, const store::NewList& wanted) {
    Progress progress("looking for codes that go", "CVs", 0);
    std::uint64_t done = 0;
    const auto outcome =
        store::load_list(store, store, lists_now, wanted, [&](std::uint64_t count) { progress.update(done = count); });
    if (!outcome) return report_failure(to_string(outcome.error()));
    if (done > 0) progress.finish(done);
    const auto& change = outcome->change;
    if (!change.used.empty()) {
        fmt::print(stderr, "The new list drops {} code(s) that published CVs use:\n", change.used.size());
        report_dropped(change.used);
    }
    if (!outcome->version) {
        return report_failure(
            "nothing was loaded. Those CVs would keep their codes, but no search could ask for them, and the next "
            "change of such a CV would be refused: add the codes to the list, or use --force");
    }
    fmt::print(
        "{} version {}: {} codes ({} added, {} changed, {} dropped). Running servers take it up within a second.\n",
        wanted.source.name, *outcome->version, wanted.version.items, change.added.size(), change.changed.size(),
        change.dropped.size());
    return exit_success;
}

int load(const Options& options, const Program& program) {
    const auto* source = reference::find_list_source(options.list);
    if (source == nullptr) return unknown_list(options.list);
    std::ifstream input(options.file, std::ios::binary);
    if (!input) return report_failure(fmt::format("{}: cannot be read", options.file.string()));
    std::string text{std::istreambuf_iterator<char>(input), {}};
    const auto table = reference::Tsv::parse(text, options.file.string());
    if (!table) return report_failure(to_string(table.error()));
    const auto list = reference::read_list(*source, *table);
    if (!list) return report_failure(to_string(list.error()));
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    const auto lists_now = [&] { return store::read_lists(**store, program.resources / "data"); };
    return replace(
        **store, lists_now,
        {*source,
         *list,
         {options.list, 0, system_clock().now(), acting_person(options.by), list->items().size(), sha256(text), false},
         store::compress_document(text),
         options.force});
}

int reset(const Options& options, const Program& program) {
    const auto* source = reference::find_list_source(options.list);
    if (source == nullptr) return unknown_list(options.list);
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    const auto shipped = open_lists(program.resources);
    if (!shipped) return report_failure(to_string(shipped.error()));
    const auto& after = *(*shipped)->find_list(options.list);
    // A loaded list that cannot be read any more is a reason to come here: nothing can be said of what it drops.
    const auto lists_now = [&] {
        auto current = store::read_lists(**store, program.resources / "data");
        return current ? current : shipped;
    };
    return replace(**store, lists_now,
                   {*source,
                    after,
                    {options.list, 0, system_clock().now(), acting_person(options.by), after.items().size(), {}, true},
                    "",
                    options.force});
}

void print_version(const store::ListVersion& version, bool json) {
    const auto digest = version.is_shipped ? std::string() : to_hex(std::span(version.digest).first(8));
    if (!json) {
        fmt::print("{:18} version {:<4} {:>6} codes  {}  by {}  {}\n", version.name, version.version, version.items,
                   format_instant(version.loaded), version.loaded_by, version.is_shipped ? "(shipped list)" : digest);
        return;
    }
    std::string line;
    JsonWriter writer(line);
    writer.begin_object().member("list", version.name).member("version", version.version);
    writer.member("codes", version.items).member("loaded", format_instant(version.loaded));
    writer.member("by", version.loaded_by).member("shipped", version.is_shipped);
    if (!version.is_shipped) writer.member("sha256", to_hex(version.digest));
    writer.end_object();
    fmt::print("{}\n", line);
}

void print_shipped(const reference::CodeList& list, bool json) {
    if (!json) {
        fmt::print("{:18} {:12} {:>6} codes  (shipped list)\n", list.name(), "", list.items().size());
        return;
    }
    std::string line;
    JsonWriter writer(line);
    writer.begin_object().member("list", list.name()).member("version", 0).member("codes", list.items().size());
    writer.member("shipped", true).end_object();
    fmt::print("{}\n", line);
}

// Without a list's name: what counts now, of each. With one: all its versions.
int list(const Options& options, const Program& program) {
    if (!options.list.empty() && reference::find_list_source(options.list) == nullptr)
        return unknown_list(options.list);
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    const auto versions = (*store)->list_versions();
    if (!versions) return report_failure(to_string(versions.error()));
    if (!options.list.empty()) {
        for (const auto& version : *versions) {
            if (version.name == options.list) print_version(version, options.json);
        }
        return exit_success;
    }
    const auto shipped = open_lists(program.resources);
    if (!shipped) return report_failure(to_string(shipped.error()));
    std::map<std::string, const store::ListVersion*> newest;
    for (const auto& version : *versions) newest[version.name] = &version;
    for (const auto& each : (*shipped)->lists()) {
        const auto found = newest.find(each.name());
        found == newest.end() ? print_shipped(each, options.json) : print_version(*found->second, options.json);
    }
    return exit_success;
}

void print_item(const reference::CodeItem& item, bool json) {
    if (!json) {
        fmt::print("{:16} {}{}{}\n", item.code, item.label_nl, item.label_fr.empty() ? "" : " / ", item.label_fr);
        return;
    }
    std::string line;
    JsonWriter writer(line);
    writer.begin_object().member("code", item.code).member("nl", item.label_nl);
    if (!item.label_fr.empty()) writer.member("fr", item.label_fr);
    if (!item.label_en.empty()) writer.member("en", item.label_en);
    if (!item.parent.empty()) writer.member("parent", item.parent);
    writer.end_object();
    fmt::print("{}\n", line);
}

int show(const Options& options, const Program& program) {
    if (reference::find_list_source(options.list) == nullptr) return unknown_list(options.list);
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    const auto lists = store::read_lists(**store, program.resources / "data");
    if (!lists) return report_failure(to_string(lists.error()));
    for (const auto& item : (*lists)->find_list(options.list)->items()) print_item(item, options.json);
    return exit_success;
}

CLI::App* add_action(CLI::App& command, const std::string& name, const std::string& what,
                     const std::shared_ptr<Options>& options, Program& program,
                     int (*action)(const Options&, const Program&)) {
    auto* subcommand = command.add_subcommand(name, what);
    subcommand->add_option("--database", options->database, "SQLite file")->required();
    subcommand->callback([options, &program, action] {
        program.run = [options, &program, action] { return action(*options, program); };
    });
    return subcommand;
}

}  // namespace

void add_reference(CLI::App& app, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("reference", "show and replace the code lists");
    command->require_subcommand(1);
    command->footer(
        "A list is a tab-separated file as in data/: a header, then a code a line. Loading replaces the whole list "
        "and\n"
        "keeps the versions before it; running servers take it up within a second. A broken file is refused whole, "
        "with\n"
        "the line and the reason.\n"
        "Example:  cvstroom reference show --database cv.db talen\n"
        "          cvstroom reference load --database cv.db talen my-talen.tsv");
    auto* loading = add_action(*command, "load", "replace a list by that of a file", options, program, load);
    loading->add_option("list", options->list, "its name in the reference API, such as diplomas")->required();
    loading->add_option("file", options->file, "the file")->required();
    auto* resetting =
        add_action(*command, "reset", "go back to the list that comes with the program", options, program, reset);
    resetting->add_option("list", options->list, "its name")->required();
    for (auto* changing : {loading, resetting}) {
        changing->add_flag("--force", options->force, "also when it drops codes that published CVs use");
        changing->add_option("--by", options->by, "who does this, for the record; default: the user");
    }
    auto* listing = add_action(*command, "list", "the lists with their versions", options, program, list);
    listing->add_option("list", options->list, "only this one, with all its versions");
    auto* showing = add_action(*command, "show", "the codes of a list as they count now", options, program, show);
    showing->add_option("list", options->list, "its name")->required();
    for (auto* reading : {listing, showing}) reading->add_flag("--json", options->json, "one JSON object a line");
}

}  // namespace cvstroom::cli
