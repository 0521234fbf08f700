namespace Countersign.Configuration.Resolve;

/// <summary>The groups of a PCRE pattern and what refers to them. Named groups are numbered with the others.</summary>
internal sealed class PcreReferences(PcreCursor cursor)
{
    private const int LargestGroup = 65535;
    /// <summary>One more digit would not fit into PCRE's numbers.</summary>
    private const int LargestNumber = (int.MaxValue / 10) - 1;

    private readonly List<(int Group, string Name)> _names = [];
    /// <summary>The highest group that is referred to, and where: it may follow its reference.</summary>
    private (int Group, int At) _reference;

    public int Count { get; private set; }
    public IReadOnlyList<(int Group, string Name)> Names => _names;

    public void AddGroup() => Count++;

    public void AddGroup(string name)
    {
        if (_names.Any(named => named.Name == name))
        {
            throw cursor.Fail("two named subpatterns have the same name (PCRE2_DUPNAMES not set)");
        }
        _names.Add((++Count, name));
    }

    public void Check()
    {
        if (_reference.Group > Count)
        {
            throw new PatternException("reference to non-existent subpattern", _reference.At);
        }
    }

    public void Back(string reference)
    {
        int group;
        if (int.TryParse(reference, out var number))
        {
            group = number < 0 ? Count + 1 + number : number;
        }
        else
        {
            group = _names.FirstOrDefault(named => named.Name == reference).Group;
        }
        if (group <= 0)
        {
            throw cursor.Fail("reference to non-existent subpattern");
        }
        if (group > _reference.Group)
        {
            _reference = (group, cursor.At - reference.Length);
        }
        cursor.Item = cursor.Out.Length;
        // As a group of its own: a digit that follows does not join the number.
        cursor.Out.Append("(?:\\").Append(group).Append(')');
    }

    /// <summary>
    /// <c>\1</c>: a group if its number has one digit, begins with an 8 or a 9, or is that of a group so far. Otherwise, and where
    /// it is beyond all numbers, the digits are characters.
    /// </summary>
    public bool TryReadNumber()
    {
        var stop = cursor.At + 1;
        var number = 0;
        for (; stop < cursor.Pattern.Length && char.IsAsciiDigit(cursor.Pattern[stop]); stop++)
        {
            number = (number * 10) + (cursor.Pattern[stop] - '0');
            if (number > LargestNumber)
            {
                return false;
            }
        }
        if (number >= 10 && number > Count && cursor.Pattern[cursor.At + 1] < '8')
        {
            return false;
        }
        if (number > LargestGroup)
        {
            throw new PatternException("subpattern number is too big", stop);
        }
        var reference = cursor.Pattern[(cursor.At + 1)..stop];
        cursor.At = stop;
        Back(reference);
        return true;
    }

    /// <summary><c>\g1 \g{1} \g{-1} \g{name} \k{name} \k&lt;name&gt; \k'name'</c></summary>
    public void ReadNamed()
    {
        var close = cursor.Peek(2) switch { '{' => '}', '<' => '>', '\'' => '\'', _ => '\0' };
        if (close == '\0')
        {
            var stop = cursor.At + 2;
            while (stop < cursor.Pattern.Length && (char.IsAsciiDigit(cursor.Pattern[stop]) || (stop == cursor.At + 2 && cursor.Pattern[stop] == '-')))
            {
                stop++;
            }
            var number = cursor.Pattern[(cursor.At + 2)..stop];
            cursor.At = stop;
            Back(number);
            return;
        }
        var end = cursor.Pattern.IndexOf(close, cursor.At + 3);
        if (end < 0)
        {
            throw cursor.Fail("missing terminator of a reference");
        }
        if (cursor.Pattern[cursor.At + 1] == 'g' && close != '}')
        {
            throw cursor.Fail("subroutine calls are not supported by Countersign");
        }
        var reference = cursor.Pattern[(cursor.At + 3)..end];
        cursor.At = end + 1;
        Back(reference);
    }
}
