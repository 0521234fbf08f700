namespace Countersign.Configuration.Resolve;

/// <summary>Parentheses of PCRE: groups, assertions, options, comments.</summary>
internal sealed class PcreGroups(PcreCursor cursor, PcreReferences references)
{
    /// <summary>Where each open group starts in the output.</summary>
    private readonly Stack<int> _open = new();

    public void Open()
    {
        var start = cursor.Out.Length;
        if (cursor.Peek(1) == '*')
        {
            throw cursor.Fail("verbs such as (*...) are not supported by Countersign");
        }
        if (cursor.Peek(1) != '?')
        {
            references.AddGroup();
            cursor.Emit("(", 1);
        }
        else if (NameStart() is var (nameStart, close) && nameStart > 0)
        {
            var end = cursor.Pattern.IndexOf(close, nameStart);
            if (end < 0)
            {
                cursor.At = cursor.Pattern.Length;
                throw cursor.Fail("syntax error in subpattern name (missing terminator?)");
            }
            var name = cursor.Pattern[nameStart..end];
            if (name.Length > 0 && char.IsAsciiDigit(name[0]))
            {
                cursor.At = nameStart;
                throw cursor.Fail("subpattern name must start with a non-digit");
            }
            cursor.At = end + 1;
            references.AddGroup(name);
            cursor.Out.Append('(');
        }
        else if (cursor.Peek(2) == '#')
        {
            var end = cursor.Pattern.IndexOf(')', cursor.At);
            cursor.At = end < 0 ? throw cursor.Fail("missing ) after (?# comment") : end + 1;
            return;
        }
        else if (cursor.Peek(2) == 'P' && cursor.Peek(3) == '=')
        {
            var end = cursor.Pattern.IndexOf(')', cursor.At);
            var name = end < 0 ? throw cursor.Fail("missing closing parenthesis") : cursor.Pattern[(cursor.At + 4)..end];
            cursor.At = end + 1;
            references.Back(name);
            return;
        }
        else if (cursor.Peek(2) is ':' or '=' or '!' or '>')
        {
            cursor.Emit(cursor.Pattern.Substring(cursor.At, 3), 3);
        }
        else if (cursor.Peek(2) == '<' && cursor.Peek(3) is '=' or '!')
        {
            cursor.Emit(cursor.Pattern.Substring(cursor.At, 4), 4);
        }
        else
        {
            var end = cursor.At + 2;
            while (end < cursor.Pattern.Length && (cursor.Pattern[end] is 'i' or 'm' or 's' or 'x' or '-'))
            {
                end++;
            }
            if (end >= cursor.Pattern.Length || cursor.Pattern[end] is not (')' or ':'))
            {
                throw cursor.Fail(cursor.Peek(2) is '(' or '|' or 'R' or '&' or 'P' or '+' or 'C' || char.IsAsciiDigit(cursor.Peek(2))
                    ? "recursion, conditions and branch reset are not supported by Countersign"
                    : "unrecognized character after (? or (?-");
            }
            cursor.Emit(cursor.Pattern[cursor.At..(end + 1)], end + 1 - cursor.At);
            if (cursor.Pattern[end] == ')')
            {
                cursor.Item = -1;
                return;
            }
        }
        _open.Push(start);
        cursor.Item = -1;
    }

    public void Close()
    {
        if (_open.Count == 0)
        {
            throw cursor.Fail("unmatched closing parenthesis");
        }
        cursor.Emit(")", 1);
        cursor.Item = _open.Pop();
    }

    public void CheckClosed()
    {
        if (_open.Count > 0)
        {
            throw cursor.Fail("missing closing parenthesis");
        }
    }

    /// <summary>Where the name of a named group starts and what ends it, or 0.</summary>
    private (int Start, char Close) NameStart() => (cursor.Peek(2), cursor.Peek(3), cursor.Peek(4)) switch
    {
        ('P', '<', _) => (cursor.At + 4, '>'),
        ('<', not ('=' or '!'), _) => (cursor.At + 3, '>'),
        ('\'', _, _) => (cursor.At + 3, '\''),
        _ => (0, '\0'),
    };
}
