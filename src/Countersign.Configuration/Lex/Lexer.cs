using System.Text;

namespace Countersign.Configuration.Lex;

/// <summary>
/// nginx's word reader (<c>ngx_conf_read_token</c>), with its states and messages. Text is bytes as Latin-1.
/// After a malformed statement reading goes on behind the next <c>;</c> or in front of the next <c>}</c>, so that
/// the rest of the file is judged as well.
/// </summary>
internal sealed class Lexer(string text, bool isFile = true)
{
    /// <summary>NGX_CONF_BUFFER: a word does not span more than one buffer.</summary>
    private const int LongestWord = 4096;

    private int _position;
    private int _line = 1;
    private int _lineStart;

    private int Column => Math.Max(1, _position - _lineStart);

    public Statement Next()
    {
        var words = new List<Token>();
        var lastSpace = true;
        bool needSpace = false, comment = false, variable = false, escaped = false;
        var quote = '\0';
        int start = _position, startLine = _line, startColumn = 1;

        while (true)
        {
            if (_position >= text.Length)
            {
                if (words.Count == 0 && lastSpace)
                {
                    return new Statement(StatementKind.EndOfFile, words, _line, Column);
                }
                return new Statement(StatementKind.Malformed, words, _line, Column, isFile
                    ? "unexpected end of file, expecting \";\" or \"}\""
                    : "unexpected end of parameter, expecting \";\"");
            }
            // As nginx: a comment is measured like a word.
            if ((comment || !lastSpace) && _position - start >= LongestWord)
            {
                _line = startLine;
                return Malformed(words, quote != '\0'
                    ? $"too long parameter, probably missing terminating \"{quote}\" character"
                    : $"too long parameter \"{text.AsSpan(start, 10)}...\" started");
            }

            var c = text[_position++];
            if (c == '\n')
            {
                _line++;
                _lineStart = _position;
                comment = false;
            }
            if (comment)
            {
                continue;
            }
            if (escaped)
            {
                escaped = false;
                continue;
            }
            if (needSpace)
            {
                switch (c)
                {
                    case ' ' or '\t' or '\r' or '\n':
                        lastSpace = true;
                        needSpace = false;
                        continue;
                    case ';':
                        return new Statement(StatementKind.Simple, words, _line, Column);
                    case '{':
                        return new Statement(StatementKind.BlockStart, words, _line, Column);
                    case ')':
                        lastSpace = true;
                        needSpace = false;
                        break;
                    default:
                        return Malformed(words, $"unexpected \"{c}\"");
                }
            }
            if (lastSpace)
            {
                start = _position - 1;
                startLine = _line;
                startColumn = Column;
                switch (c)
                {
                    case ' ' or '\t' or '\r' or '\n':
                        continue;
                    case ';' or '{' when words.Count == 0:
                        return Malformed(words, $"unexpected \"{c}\"");
                    case ';':
                        return new Statement(StatementKind.Simple, words, _line, Column);
                    case '{':
                        return new Statement(StatementKind.BlockStart, words, _line, Column);
                    case '}' when words.Count > 0:
                        var unexpected = new Statement(StatementKind.Malformed, words, _line, Column, "unexpected \"}\"");
                        _position--;
                        return unexpected;
                    case '}':
                        return new Statement(StatementKind.BlockEnd, words, _line, Column);
                    case '#':
                        comment = true;
                        continue;
                    case '\\':
                        escaped = true;
                        lastSpace = false;
                        continue;
                    case '"' or '\'':
                        start++;
                        quote = c;
                        lastSpace = false;
                        continue;
                    case '$':
                        variable = true;
                        lastSpace = false;
                        continue;
                    default:
                        lastSpace = false;
                        continue;
                }
            }
            if (c == '{' && variable)
            {
                continue;
            }
            variable = false;
            if (c == '\\')
            {
                escaped = true;
                continue;
            }
            if (c == '$')
            {
                variable = true;
                continue;
            }
            if (quote != '\0')
            {
                if (c != quote)
                {
                    continue;
                }
                quote = '\0';
                needSpace = true;
            }
            else if (c is ' ' or '\t' or '\r' or '\n' or ';' or '{')
            {
                lastSpace = true;
            }
            else
            {
                continue;
            }
            words.Add(new Token(Unescape(text.AsSpan(start, _position - 1 - start)), startLine, startColumn));
            if (!needSpace && c is ';' or '{')
            {
                return new Statement(c == ';' ? StatementKind.Simple : StatementKind.BlockStart, words, _line, Column);
            }
        }
    }

    private Statement Malformed(List<Token> words, string problem)
    {
        var statement = new Statement(StatementKind.Malformed, words, _line, Column, problem);
        while (_position < text.Length)
        {
            var c = text[_position];
            if (c == '}')
            {
                break;
            }
            _position++;
            if (c == '\n')
            {
                _line++;
                _lineStart = _position;
            }
            else if (c == ';')
            {
                break;
            }
        }
        return statement;
    }

    private static string Unescape(ReadOnlySpan<char> raw)
    {
        if (!raw.Contains('\\'))
        {
            return raw.ToString();
        }
        var result = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            var c = raw[i];
            if (c == '\\' && i + 1 < raw.Length)
            {
                var (replacement, known) = raw[i + 1] switch
                {
                    '"' or '\'' or '\\' => (raw[i + 1], true),
                    't' => ('\t', true),
                    'r' => ('\r', true),
                    'n' => ('\n', true),
                    _ => (c, false),
                };
                result.Append(replacement);
                i += known ? 1 : 0;
                continue;
            }
            result.Append(c);
        }
        return result.ToString();
    }
}
