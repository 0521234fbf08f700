namespace Countersign.Refusals;

/// <summary>A text as one word of a command to paste.</summary>
public static class ShellWord
{
    private const string Plain = "/._-+:,@%=";

    public static string Of(string text) =>
        text.Length > 0 && text.All(symbol => char.IsLetterOrDigit(symbol) || Plain.Contains(symbol)) ? text : $"'{text.Replace("'", @"'\''")}'";
}
