using System.Text;

namespace Countersign.Configuration.Resolve;

/// <summary>A place in a PCRE pattern, with what has been written of its .NET form.</summary>
internal sealed class PcreCursor(string pattern)
{
    public string Pattern => pattern;
    public StringBuilder Out { get; } = new();
    public int At;
    /// <summary>Where the last item that a quantifier may follow starts in the output; -1 when there is none.</summary>
    public int Item = -1;

    public char Peek(int ahead = 0) => At + ahead < pattern.Length ? pattern[At + ahead] : '\0';

    public void Emit(string text, int consumed)
    {
        Out.Append(text);
        At += consumed;
    }

    public PatternException Fail(string reason) => new(reason, At);
}

/// <summary>What is wrong with a pattern, in PCRE's words, and where reading it stopped.</summary>
internal sealed class PatternException(string reason, int offset) : Exception(reason)
{
    public int Offset => offset;
}
