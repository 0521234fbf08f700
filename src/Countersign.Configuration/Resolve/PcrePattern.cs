using System.Text;
using System.Text.RegularExpressions;

namespace Countersign.Configuration.Resolve;

internal sealed record CompiledPattern(Regex Expression, IReadOnlyList<(int Group, string Name)> Names);

/// <summary>
/// A PCRE pattern as a .NET one over Latin-1 text: the same groups under the same numbers, ASCII classes, possessive
/// quantifiers as atomic groups. What .NET cannot express (recursion, verbs, <c>\K</c>) is refused by name.
/// Case without regard folds letters beyond ASCII too, which PCRE's default tables do not.
/// </summary>
internal sealed class PcrePattern
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    private readonly string _pattern;
    private readonly StringBuilder _out = new();
    private readonly List<(int Group, string Name)> _names = [];
    private readonly Stack<int> _open = new();
    private int _groups;
    /// <summary>The highest group that is referred to, and where: it may follow its reference.</summary>
    private (int Group, int At) _reference;
    private int _at;
    /// <summary>Where the last item that a quantifier may follow starts in the output; -1 when there is none.</summary>
    private int _item = -1;

    private PcrePattern(string pattern) => _pattern = pattern;

    public static CompiledPattern? Compile(string pattern, bool ignoreCase, out string? problem)
    {
        var translation = new PcrePattern(pattern);
        try
        {
            translation.Translate();
            var options = RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
            problem = null;
            return new CompiledPattern(new Regex(translation._out.ToString(), options, MatchTimeout), translation._names);
        }
        catch (PatternException failure)
        {
            var rest = failure.Offset < pattern.Length ? $" at \"{pattern[failure.Offset..]}\"" : "";
            problem = $"pcre2_compile() failed: {failure.Message} in \"{pattern}\"{rest}";
        }
        catch (ArgumentException failure)
        {
            problem = $"pcre2_compile() failed: {failure.Message} in \"{pattern}\"";
        }
        return null;
    }

    private sealed class PatternException(string reason, int offset) : Exception(reason)
    {
        public int Offset => offset;
    }

    private PatternException Fail(string reason) => new(reason, _at);

    private char Peek(int ahead = 0) => _at + ahead < _pattern.Length ? _pattern[_at + ahead] : '\0';

    private void Translate()
    {
        while (_at < _pattern.Length)
        {
            var c = _pattern[_at];
            switch (c)
            {
                case '\\':
                    Escape();
                    break;
                case '[':
                    Class();
                    break;
                case '(':
                    Open();
                    break;
                case ')':
                    if (_open.Count == 0)
                    {
                        throw Fail("unmatched closing parenthesis");
                    }
                    _at++;
                    _out.Append(')');
                    _item = _open.Pop();
                    break;
                case '*' or '+' or '?':
                    Quantifier(1);
                    break;
                case '{' when QuantifierLength() is var length and > 0:
                    Quantifier(length);
                    break;
                case '|' or '^':
                    _out.Append(c);
                    _at++;
                    _item = -1;
                    break;
                default:
                    _item = _out.Length;
                    _out.Append(c == '{' ? "\\{" : c.ToString());
                    _at++;
                    break;
            }
        }
        if (_open.Count > 0)
        {
            throw Fail("missing closing parenthesis");
        }
        if (_reference.Group > _groups)
        {
            throw new PatternException("reference to non-existent subpattern", _reference.At);
        }
    }

    /// <summary>Length of <c>{n}</c>, <c>{n,}</c>, <c>{n,m}</c> here, or 0: then the brace is itself.</summary>
    private int QuantifierLength()
    {
        var i = _at + 1;
        var digits = 0;
        while (i < _pattern.Length && char.IsAsciiDigit(_pattern[i]))
        {
            i++;
            digits++;
        }
        if (digits == 0)
        {
            return 0;
        }
        if (i < _pattern.Length && _pattern[i] == ',')
        {
            do
            {
                i++;
            }
            while (i < _pattern.Length && char.IsAsciiDigit(_pattern[i]));
        }
        return i < _pattern.Length && _pattern[i] == '}' ? i + 1 - _at : 0;
    }

    private void Quantifier(int length)
    {
        if (_item < 0)
        {
            throw Fail("quantifier does not follow a repeatable item");
        }
        _out.Append(_pattern, _at, length);
        _at += length;
        if (Peek() == '?')
        {
            _out.Append('?');
            _at++;
        }
        else if (Peek() == '+')
        {
            _out.Insert(_item, "(?>").Append(')');
            _at++;
        }
        _item = -1;
    }

    private void Open()
    {
        var start = _out.Length;
        if (Peek(1) == '*')
        {
            throw Fail("verbs such as (*...) are not supported by Countersign");
        }
        if (Peek(1) != '?')
        {
            _groups++;
            Emit("(", 1);
        }
        else if (NameStart() is var (nameStart, close) && nameStart > 0)
        {
            var end = _pattern.IndexOf(close, nameStart);
            if (end < 0)
            {
                _at = _pattern.Length;
                throw Fail("syntax error in subpattern name (missing terminator?)");
            }
            var name = _pattern[nameStart..end];
            if (_names.Any(named => named.Name == name))
            {
                _at = end + 1;
                throw Fail("two named subpatterns have the same name (PCRE2_DUPNAMES not set)");
            }
            _names.Add((++_groups, name));
            _out.Append('(');
            _at = end + 1;
        }
        else if (Peek(2) == '#')
        {
            var end = _pattern.IndexOf(')', _at);
            _at = end < 0 ? throw Fail("missing ) after (?# comment") : end + 1;
            return;
        }
        else if (Peek(2) == 'P' && Peek(3) == '=')
        {
            var end = _pattern.IndexOf(')', _at);
            var name = end < 0 ? throw Fail("missing closing parenthesis") : _pattern[(_at + 4)..end];
            _at = end + 1;
            BackReference(name);
            return;
        }
        else if (Peek(2) is ':' or '=' or '!' or '>')
        {
            Emit(_pattern.Substring(_at, 3), 3);
        }
        else if (Peek(2) == '<' && Peek(3) is '=' or '!')
        {
            Emit(_pattern.Substring(_at, 4), 4);
        }
        else
        {
            var end = _at + 2;
            while (end < _pattern.Length && (_pattern[end] is 'i' or 'm' or 's' or 'x' or '-'))
            {
                end++;
            }
            if (end >= _pattern.Length || _pattern[end] is not (')' or ':'))
            {
                throw Fail(Peek(2) is '(' or '|' or 'R' or '&' or 'P' or '+' or 'C' || char.IsAsciiDigit(Peek(2))
                    ? "recursion, conditions and branch reset are not supported by Countersign"
                    : "unrecognized character after (? or (?-");
            }
            Emit(_pattern[_at..(end + 1)], end + 1 - _at);
            if (_pattern[end] == ')')
            {
                _item = -1;
                return;
            }
        }
        _open.Push(start);
        _item = -1;
    }

    private void Emit(string text, int consumed)
    {
        _out.Append(text);
        _at += consumed;
    }

    /// <summary>Where the name of a named group starts and what ends it, or 0.</summary>
    private (int Start, char Close) NameStart() => (Peek(2), Peek(3), Peek(4)) switch
    {
        ('P', '<', _) => (_at + 4, '>'),
        ('<', not ('=' or '!'), _) => (_at + 3, '>'),
        ('\'', _, _) => (_at + 3, '\''),
        _ => (0, '\0'),
    };

    private void BackReference(string reference)
    {
        int group;
        if (int.TryParse(reference, out var number))
        {
            group = number < 0 ? _groups + 1 + number : number;
        }
        else
        {
            group = _names.FirstOrDefault(named => named.Name == reference).Group;
        }
        if (group <= 0)
        {
            throw Fail("reference to non-existent subpattern");
        }
        if (group > _reference.Group)
        {
            _reference = (group, _at - reference.Length);
        }
        _item = _out.Length;
        // As a group of its own: a digit that follows does not join the number.
        _out.Append("(?:\\").Append(group).Append(')');
    }

    private void Escape()
    {
        if (_at + 1 >= _pattern.Length)
        {
            _at++;
            throw Fail("\\ at end of pattern");
        }
        var c = _pattern[_at + 1];
        if (c == 'Q')
        {
            var end = _pattern.IndexOf("\\E", _at + 2, StringComparison.Ordinal);
            foreach (var quoted in _pattern.AsSpan()[(_at + 2)..(end < 0 ? _pattern.Length : end)])
            {
                _item = _out.Length;
                PcreClasses.AppendLiteral(_out, quoted);
            }
            _at = end < 0 ? _pattern.Length : end + 2;
            return;
        }
        if (c == 'E')
        {
            _at += 2;
            return;
        }
        if (c is 'g' or 'k')
        {
            NamedReference();
            return;
        }
        if (c is >= '1' and <= '9')
        {
            var end = _at + 2;
            while (end < _pattern.Length && char.IsAsciiDigit(_pattern[end]))
            {
                end++;
            }
            var number = _pattern[(_at + 1)..end];
            if (number.Length == 1 || int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) <= _groups)
            {
                _at = end;
                BackReference(number);
                return;
            }
        }
        var start = _at;
        _item = _out.Length;
        if (PcreClasses.Assertion(c) is { } assertion)
        {
            _out.Append(assertion);
            _at += 2;
        }
        else if (PcreClasses.Set(c) is { } set)
        {
            _out.Append('[').Append(set).Append(']');
            _at += 2;
        }
        else if (c is 'p' or 'P' && PcreClasses.Property(_pattern, _at) is var (property, length))
        {
            _out.Append(property);
            _at += length;
        }
        else if (c == 'R')
        {
            _out.Append("(?>\\r\\n|[\\n-\\r\\x85])");
            _at += 2;
        }
        else
        {
            _at++;
            PcreClasses.AppendLiteral(_out, PcreClasses.Character(_pattern, ref _at) ?? throw new PatternException(
                c is 'K' or 'X' or 'C' or 'p' or 'P' ? $"\\{c} is not supported by Countersign" : "unrecognized character follows \\", start + 1));
        }
    }

    /// <summary><c>\g1 \g{1} \g{-1} \g{name} \k{name} \k&lt;name&gt; \k'name'</c></summary>
    private void NamedReference()
    {
        var close = Peek(2) switch { '{' => '}', '<' => '>', '\'' => '\'', _ => '\0' };
        if (close == '\0')
        {
            var stop = _at + 2;
            while (stop < _pattern.Length && (char.IsAsciiDigit(_pattern[stop]) || (stop == _at + 2 && _pattern[stop] == '-')))
            {
                stop++;
            }
            var number = _pattern[(_at + 2)..stop];
            _at = stop;
            BackReference(number);
            return;
        }
        var end = _pattern.IndexOf(close, _at + 3);
        if (end < 0)
        {
            throw Fail("missing terminator of a reference");
        }
        if (_pattern[_at + 1] == 'g' && close != '}')
        {
            throw Fail("subroutine calls are not supported by Countersign");
        }
        var reference = _pattern[(_at + 3)..end];
        _at = end + 1;
        BackReference(reference);
    }

    private void Class()
    {
        _item = _out.Length;
        _out.Append('[');
        _at++;
        if (Peek() == '^')
        {
            _out.Append('^');
            _at++;
        }
        for (var first = true; ; first = false)
        {
            if (_at >= _pattern.Length)
            {
                throw Fail("missing terminating ] for character class");
            }
            var c = _pattern[_at];
            if (c == ']' && !first)
            {
                _out.Append(']');
                _at++;
                return;
            }
            if (c == '[' && Peek(1) == ':' && _pattern.IndexOf(":]", _at + 2, StringComparison.Ordinal) is var end and > 0)
            {
                _out.Append(PcreClasses.Posix(_pattern[(_at + 2)..end]) ?? throw Fail("unknown POSIX class name"));
                _at = end + 2;
            }
            else if (c == '\\')
            {
                ClassEscape();
            }
            else if (c == '-')
            {
                _out.Append(Peek(1) == ']' || first ? "\\-" : "-");
                _at++;
            }
            else
            {
                PcreClasses.AppendLiteral(_out, c);
                _at++;
            }
        }
    }

    private void ClassEscape()
    {
        var c = Peek(1);
        if (PcreClasses.Set(c) is { } set)
        {
            _out.Append(set);
            _at += 2;
            // [\d-x]: the hyphen is itself.
            if (Peek() == '-' && Peek(1) != ']')
            {
                _out.Append("\\-");
                _at++;
            }
        }
        else if (c is 'p' or 'P' && PcreClasses.Property(_pattern, _at) is var (property, length))
        {
            _out.Append(property);
            _at += length;
        }
        else if (c == 'b')
        {
            _out.Append("\\x08");
            _at += 2;
        }
        else
        {
            _at++;
            PcreClasses.AppendLiteral(_out, PcreClasses.Character(_pattern, ref _at) ?? throw Fail("unrecognized character follows \\"));
        }
    }
}
