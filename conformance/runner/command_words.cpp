#include "conformance/runner/command_words.hpp"

namespace conformance::runner {

std::vector<std::string> command_words(std::string_view command) {
    std::vector<std::string> words;
    std::string word;
    bool in_word = false;
    char quote = 0;
    for (std::size_t i = 0; i < command.size(); ++i) {
        const char c = command[i];
        const bool escapes = c == '\\' && quote != '\'' && i + 1 < command.size();
        if (escapes) {
            word += command[++i];
            in_word = true;
        } else if (quote != 0 ? c == quote : c == '"' || c == '\'') {
            quote = quote != 0 ? '\0' : c;
            in_word = true;  // also if nothing is between the quotes
        } else if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
            if (in_word) words.push_back(std::move(word));
            word.clear();
            in_word = false;
        } else {
            word += c;
            in_word = true;
        }
    }
    if (quote != 0) throw UsageError("the driver's command has a quote without its end");
    if (in_word) words.push_back(std::move(word));
    return words;
}

}  // namespace conformance::runner
