using System.Globalization;
using System.Text;

namespace Countersign.Configuration.Resolve;

/// <summary>Character classes, assertions and characters of PCRE without UTF, spelled for .NET.</summary>
internal static class PcreClasses
{
    /// <summary>The contents of a class for <c>\d</c> and its kind, or null.</summary>
    public static string? Set(char letter) => letter switch
    {
        'd' => "0-9",
        'D' => "\\x00-/:-\\xff",
        'w' => "0-9A-Z_a-z",
        'W' => "\\x00-/:-@\\[-\\^`{-\\xff",
        's' => "\\t-\\r ",
        'S' => "\\x00-\\x08\\x0e-\\x1f!-\\xff",
        'h' => "\\t \\xa0",
        'H' => "\\x00-\\x08\\n-\\x1f!-\\x9f\\xa1-\\xff",
        'v' => "\\n-\\r\\x85",
        'V' => "\\x00-\\t\\x0e-\\x84\\x86-\\xff",
        'N' => "\\x00-\\t\\x0b-\\xff",
        _ => null,
    };

    public static string? Assertion(char letter) => letter switch
    {
        'b' => "(?:(?<=[0-9A-Z_a-z])(?![0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?=[0-9A-Z_a-z]))",
        'B' => "(?:(?<=[0-9A-Z_a-z])(?=[0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?![0-9A-Z_a-z]))",
        'A' => "\\A",
        'Z' => "\\Z",
        'z' => "\\z",
        'G' => "\\G",
        _ => null,
    };

    /// <summary><c>\pL</c>, <c>\p{Lu}</c>, <c>\p{^N}</c>: a general category of Unicode, which .NET knows by the same names.</summary>
    /// <returns>The property for .NET and its length in the pattern; null for what is not a category (a script).</returns>
    public static (string Text, int Length)? Property(string pattern, int at)
    {
        const string Categories = " C Cc Cf Cn Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs ";
        if (at + 2 >= pattern.Length)
        {
            return null;
        }
        var close = pattern[at + 2] == '{' ? pattern.IndexOf('}', at) : at + 2;
        if (close < 0)
        {
            return null;
        }
        var name = pattern[at + 2] == '{' ? pattern[(at + 3)..close] : pattern[close].ToString();
        var negate = (pattern[at + 1] == 'P') != name.StartsWith('^');
        name = name.TrimStart('^');
        return name.Length > 0 && !name.Contains(' ') && Categories.Contains(" " + name + " ", StringComparison.Ordinal)
            ? ($"\\{(negate ? 'P' : 'p')}{{{name}}}", close + 1 - at)
            : null;
    }

    public static string? Posix(string name)
    {
        var negate = name.StartsWith('^');
        Func<char, bool>? test = name.TrimStart('^') switch
        {
            "alpha" => char.IsAsciiLetter,
            "digit" => char.IsAsciiDigit,
            "alnum" => char.IsAsciiLetterOrDigit,
            "upper" => char.IsAsciiLetterUpper,
            "lower" => char.IsAsciiLetterLower,
            "xdigit" => char.IsAsciiHexDigit,
            "word" => c => char.IsAsciiLetterOrDigit(c) || c == '_',
            "space" => c => c is ' ' or >= '\t' and <= '\r',
            "blank" => c => c is ' ' or '\t',
            "cntrl" => c => c is < ' ' or '\x7f',
            "ascii" => c => c < '\x80',
            "graph" => c => c is > ' ' and < '\x7f',
            "print" => c => c is >= ' ' and < '\x7f',
            "punct" => c => c is > ' ' and < '\x7f' && !char.IsAsciiLetterOrDigit(c),
            _ => null,
        };
        if (test is null)
        {
            return null;
        }
        var set = new StringBuilder();
        for (var c = '\0'; c <= '\xff'; c++)
        {
            if (test(c) != negate)
            {
                AppendLiteral(set, c);
            }
        }
        return set.ToString();
    }

    /// <summary>The character that the escape at <paramref name="at"/> (behind its backslash) stands for; null for an unknown one.</summary>
    public static char? Character(string pattern, ref int at)
    {
        var c = pattern[at++];
        switch (c)
        {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'f': return '\f';
            case 'e': return '\x1b';
            case 'a': return '\a';
            case 'c' when at < pattern.Length:
                return (char)(char.ToUpperInvariant(pattern[at++]) ^ 0x40);
            case 'x' when at < pattern.Length && pattern[at] == '{':
                var end = pattern.IndexOf('}', at);
                if (end < 0 || !int.TryParse(pattern.AsSpan()[(at + 1)..end], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code) || code > 255)
                {
                    return null;
                }
                at = end + 1;
                return (char)code;
            case 'x':
                return (char)Digits(pattern, ref at, 2, 16);
            case >= '0' and <= '7':
                at--;
                return Digits(pattern, ref at, 3, 8) is var octal and <= 0xff ? (char)octal : null;
            case '8' or '9':
                return c;
            default:
                return char.IsAsciiLetterOrDigit(c) ? null : c;
        }
    }

    /// <summary>Why <see cref="Character"/> knows none for the escape of that letter.</summary>
    public static string Unreadable(char escape) => escape switch
    {
        'K' or 'X' or 'C' or 'p' or 'P' => $"\\{escape} is not supported by Countersign",
        >= '0' and <= '7' => "octal value is greater than \\377 in 8-bit non-UTF-8 mode",
        _ => "unrecognized character follows \\",
    };

    private static int Digits(string pattern, ref int at, int most, int radix)
    {
        var value = 0;
        for (; most > 0 && at < pattern.Length && char.IsAsciiHexDigit(pattern[at]); most--, at++)
        {
            var digit = Convert.ToInt32(pattern[at].ToString(), 16);
            if (digit >= radix)
            {
                break;
            }
            value = value * radix + digit;
        }
        return value;
    }

    public static void AppendLiteral(StringBuilder into, char c)
    {
        if (char.IsAsciiLetterOrDigit(c) || c > '\x7f')
        {
            into.Append(c);
        }
        else
        {
            into.Append("\\x").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture));
        }
    }
}
