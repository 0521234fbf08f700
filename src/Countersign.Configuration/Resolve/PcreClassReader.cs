namespace Countersign.Configuration.Resolve;

/// <summary><c>[...]</c> of PCRE, spelled for .NET: classes within are ASCII, a bracket within is itself.</summary>
internal sealed class PcreClassReader(PcreCursor cursor)
{
    public void Read()
    {
        cursor.Item = cursor.Out.Length;
        cursor.Out.Append('[');
        cursor.At++;
        if (cursor.Peek() == '^')
        {
            cursor.Out.Append('^');
            cursor.At++;
        }
        for (var first = true; ; first = false)
        {
            if (cursor.At >= cursor.Pattern.Length)
            {
                throw cursor.Fail("missing terminating ] for character class");
            }
            var c = cursor.Pattern[cursor.At];
            if (c == ']' && !first)
            {
                cursor.Out.Append(']');
                cursor.At++;
                return;
            }
            if (c == '[' && cursor.Peek(1) == ':' && cursor.Pattern.IndexOf(":]", cursor.At + 2, StringComparison.Ordinal) is var end and > 0)
            {
                cursor.Out.Append(PcreClasses.Posix(cursor.Pattern[(cursor.At + 2)..end]) ?? throw cursor.Fail("unknown POSIX class name"));
                cursor.At = end + 2;
            }
            else if (c == '\\')
            {
                Escape();
            }
            else if (c == '-')
            {
                cursor.Out.Append(cursor.Peek(1) == ']' || first ? "\\-" : "-");
                cursor.At++;
            }
            else
            {
                PcreClasses.AppendLiteral(cursor.Out, c);
                cursor.At++;
            }
        }
    }

    private void Escape()
    {
        var c = cursor.Peek(1);
        if (PcreClasses.Set(c) is { } set)
        {
            cursor.Out.Append(set);
            cursor.At += 2;
            // [\d-x]: the hyphen is itself.
            if (cursor.Peek() == '-' && cursor.Peek(1) != ']')
            {
                cursor.Out.Append("\\-");
                cursor.At++;
            }
        }
        else if (c is 'p' or 'P' && PcreClasses.Property(cursor.Pattern, cursor.At) is var (property, length))
        {
            cursor.Out.Append(property);
            cursor.At += length;
        }
        else if (c == 'b')
        {
            cursor.Out.Append("\\x08");
            cursor.At += 2;
        }
        else
        {
            cursor.At++;
            if (cursor.At == cursor.Pattern.Length)
            {
                throw cursor.Fail("\\ at end of pattern");
            }
            PcreClasses.AppendLiteral(cursor.Out, PcreClasses.Character(cursor.Pattern, ref cursor.At) ?? throw cursor.Fail(PcreClasses.Unreadable(c)));
        }
    }
}
