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
    private const int MostTimes = 65535;

    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    private readonly PcreCursor _cursor;
    private readonly PcreReferences _references;
    private readonly PcreGroups _groups;
    private readonly PcreClassReader _classes;

    private PcrePattern(string pattern)
    {
        _cursor = new PcreCursor(pattern);
        _references = new PcreReferences(_cursor);
        _groups = new PcreGroups(_cursor, _references);
        _classes = new PcreClassReader(_cursor);
    }

    public static CompiledPattern? Compile(string pattern, bool ignoreCase, out string? problem)
    {
        var translation = new PcrePattern(pattern);
        try
        {
            translation.Translate();
            var options = RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
            problem = null;
            return new CompiledPattern(new Regex(translation._cursor.Out.ToString(), options, MatchTimeout), translation._references.Names);
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

    private void Translate()
    {
        while (_cursor.At < _cursor.Pattern.Length)
        {
            var c = _cursor.Pattern[_cursor.At];
            switch (c)
            {
                case '\\':
                    Escape();
                    break;
                case '[':
                    _classes.Read();
                    break;
                case '(':
                    _groups.Open();
                    break;
                case ')':
                    _groups.Close();
                    break;
                case '*' or '+' or '?':
                    Quantifier(1);
                    break;
                case '{' when QuantifierLength() is var length and > 0:
                    Quantifier(length);
                    break;
                case '|' or '^':
                    _cursor.Out.Append(c);
                    _cursor.At++;
                    _cursor.Item = -1;
                    break;
                default:
                    _cursor.Item = _cursor.Out.Length;
                    _cursor.Out.Append(c == '{' ? "\\{" : c.ToString());
                    _cursor.At++;
                    break;
            }
        }
        _groups.CheckClosed();
        _references.Check();
    }

    /// <summary>Length of <c>{n}</c>, <c>{n,}</c>, <c>{n,m}</c> here, or 0: then the brace is itself.</summary>
    private int QuantifierLength()
    {
        var i = _cursor.At + 1;
        var digits = 0;
        while (i < _cursor.Pattern.Length && char.IsAsciiDigit(_cursor.Pattern[i]))
        {
            i++;
            digits++;
        }
        if (digits == 0)
        {
            return 0;
        }
        if (i < _cursor.Pattern.Length && _cursor.Pattern[i] == ',')
        {
            do
            {
                i++;
            }
            while (i < _cursor.Pattern.Length && char.IsAsciiDigit(_cursor.Pattern[i]));
        }
        return i < _cursor.Pattern.Length && _cursor.Pattern[i] == '}' ? i + 1 - _cursor.At : 0;
    }

    private void Quantifier(int length)
    {
        if (_cursor.Item < 0)
        {
            throw _cursor.Fail("quantifier does not follow a repeatable item");
        }
        CheckLimits(length);
        _cursor.Out.Append(_cursor.Pattern, _cursor.At, length);
        _cursor.At += length;
        if (_cursor.Peek() == '?')
        {
            _cursor.Out.Append('?');
            _cursor.At++;
        }
        else if (_cursor.Peek() == '+')
        {
            _cursor.Out.Insert(_cursor.Item, "(?>").Append(')');
            _cursor.At++;
        }
        _cursor.Item = -1;
    }

    /// <summary>Of <c>{n,m}</c>.</summary>
    private void CheckLimits(int length)
    {
        var numbers = new List<int>();
        for (int i = _cursor.At + 1, number = 0; i < _cursor.At + length; i++)
        {
            var c = _cursor.Pattern[i];
            if (char.IsAsciiDigit(c))
            {
                number = (number * 10) + (c - '0');
                if (number > MostTimes)
                {
                    throw new PatternException("number too big in {} quantifier", i + 1);
                }
            }
            else if (char.IsAsciiDigit(_cursor.Pattern[i - 1]))
            {
                numbers.Add(number);
                number = 0;
            }
        }
        if (numbers is [var least, var most] && least > most)
        {
            throw new PatternException("numbers out of order in {} quantifier", _cursor.At + length - 1);
        }
    }

    private void Escape()
    {
        if (_cursor.At + 1 >= _cursor.Pattern.Length)
        {
            _cursor.At++;
            throw _cursor.Fail("\\ at end of pattern");
        }
        var c = _cursor.Pattern[_cursor.At + 1];
        if (c == 'Q')
        {
            var end = _cursor.Pattern.IndexOf("\\E", _cursor.At + 2, StringComparison.Ordinal);
            foreach (var quoted in _cursor.Pattern.AsSpan()[(_cursor.At + 2)..(end < 0 ? _cursor.Pattern.Length : end)])
            {
                _cursor.Item = _cursor.Out.Length;
                PcreClasses.AppendLiteral(_cursor.Out, quoted);
            }
            _cursor.At = end < 0 ? _cursor.Pattern.Length : end + 2;
            return;
        }
        if (c == 'E')
        {
            _cursor.At += 2;
            return;
        }
        if (c is 'g' or 'k')
        {
            _references.ReadNamed();
            return;
        }
        if (c is >= '1' and <= '9' && _references.TryReadNumber())
        {
            return;
        }
        var start = _cursor.At;
        _cursor.Item = _cursor.Out.Length;
        if (PcreClasses.Assertion(c) is { } assertion)
        {
            _cursor.Out.Append(assertion);
            _cursor.At += 2;
        }
        else if (PcreClasses.Set(c) is { } set)
        {
            _cursor.Out.Append('[').Append(set).Append(']');
            _cursor.At += 2;
        }
        else if (c is 'p' or 'P' && PcreClasses.Property(_cursor.Pattern, _cursor.At) is var (property, length))
        {
            _cursor.Out.Append(property);
            _cursor.At += length;
        }
        else if (c == 'R')
        {
            _cursor.Out.Append("(?>\\r\\n|[\\n-\\r\\x85])");
            _cursor.At += 2;
        }
        else
        {
            _cursor.At++;
            PcreClasses.AppendLiteral(
                _cursor.Out, PcreClasses.Character(_cursor.Pattern, ref _cursor.At) ?? throw new PatternException(PcreClasses.Unreadable(c), start + 1));
        }
    }
}
