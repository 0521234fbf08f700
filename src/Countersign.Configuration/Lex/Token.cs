namespace Countersign.Configuration.Lex;

/// <summary>One word of a directive, unescaped. Line and column count from 1 and say where its first byte stands.</summary>
internal readonly record struct Token(string Text, int Line, int Column);

internal enum StatementKind { Simple, BlockStart, BlockEnd, EndOfFile, Malformed }

/// <summary>What one call of the lexer reads: the words up to <c>;</c>, <c>{</c>, <c>}</c> or the end.</summary>
/// <param name="Line">Where reading stopped; the line nginx names in its messages.</param>
/// <param name="Problem">nginx's words, of <see cref="StatementKind.Malformed"/> only.</param>
internal readonly record struct Statement(StatementKind Kind, IReadOnlyList<Token> Words, int Line, int Column, string? Problem = null);
